"""Parts of the machine that some tests need, and what their absence means.

Where `STILLWATCH_REQUIRE` names a component (comma-separated, as `.ci/run` sets it), a test that
needs it fails without it; anywhere else the test is skipped with the reason.
"""

from __future__ import annotations

import os

import pytest


def required() -> set[str]:
    """Return the components whose absence is a failure here."""
    return {name.strip() for name in os.environ.get("STILLWATCH_REQUIRE", "").split(",")} - {""}


def component(name: str, available: bool) -> None:
    """Go on if the component is there; else fail where it is required, and skip where not."""
    if available:
        return
    if name in required():
        pytest.fail(f"{name} is absent and STILLWATCH_REQUIRE asks for it", pytrace=False)
    pytest.skip(f"{name} is absent")
