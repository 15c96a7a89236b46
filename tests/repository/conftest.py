from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from tests.components import component


@pytest.fixture(scope="session")
def tracked(root: Path) -> list[Path]:
    """Return the files that git tracks and that are there, by their full path."""
    component("git", shutil.which("git") is not None and (root / ".git").exists())
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    )
    files = [root / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


@pytest.fixture
def run_py(root: Path) -> ModuleType:
    """Return a fresh copy of run.py as a module; its tasks have not been run."""
    spec = importlib.util.spec_from_file_location("run_py", root / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
