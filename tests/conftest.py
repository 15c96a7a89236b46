"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

from tests.components import component

pytest_plugins = ("tests.worlds.scans",)

ROOT = Path(__file__).parents[1]

# CI must judge a change by the change alone: the same examples every time, and no time limits on
# a shared machine. Elsewhere examples are random, so that work at a desk keeps finding new ones.
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of data that lies beside the checkout and is no part of it."""
    folder = ROOT.parent / "shared"
    component("shared", folder.is_dir())
    return folder
