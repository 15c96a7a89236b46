"""The lock files hold what pyproject.toml asks for, pinned and hashed, from no named place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCKS = ("runtime", "build", "dev", "bench")
PIN = re.compile(r"(?P<requirement>[^\\]+?)(?P<hashes>( \\\n    --hash=sha256:[0-9a-f]{64})+)\n")


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def locks(root: Path) -> dict[str, dict[str, Requirement]]:
    return {name: read_lock(root / "requirements" / f"{name}.txt") for name in LOCKS}


def read_lock(file: Path) -> dict[str, Requirement]:
    """Read a lock, which must be nothing but pins with hashes."""
    text = file.read_text()
    assert PIN.sub("", text) == "", f"{file.name} holds something other than hashed pins"
    pins = [Requirement(pin["requirement"]) for pin in PIN.finditer(text)]
    return {canonicalize_name(pin.name): pin for pin in pins}


def version(pin: Requirement) -> Version:
    (only,) = pin.specifier
    assert only.operator == "=="
    return Version(only.version)


def asked(project: dict[str, Any], lock: str) -> list[Requirement]:
    stated = (
        project["project"]["dependencies"]
        if lock == "runtime"
        else project["dependency-groups"][lock]
    )
    return [Requirement(line) for line in stated]


def test_there_is_no_other_lock(root: Path) -> None:
    assert {file.name for file in (root / "requirements").iterdir()} == {
        f"{name}.txt" for name in LOCKS
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_each_dependency_is_locked(
    lock: str, locks: dict[str, dict[str, Requirement]], project: dict[str, Any]
) -> None:
    requirements = asked(project, lock)
    assert len({canonicalize_name(each.name) for each in requirements}) == len(requirements)
    for requirement in requirements:
        pin = locks[lock][canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version(pin)), f"{pin} is not {requirement}"


def test_locks_agree(locks: dict[str, dict[str, Requirement]]) -> None:
    versions: dict[str, set[Version]] = {}
    for lock in locks.values():
        for name, pin in lock.items():
            versions.setdefault(name, set()).add(version(pin))
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_build_backend_is_the_locked_one(
    locks: dict[str, dict[str, Requirement]], project: dict[str, Any]
) -> None:
    (backend,) = map(Requirement, project["build-system"]["requires"])
    assert version(locks["build"][backend.name]) == version(backend)


def test_every_supported_python_is_named_alike(root: Path, project: dict[str, Any]) -> None:
    run_py = (root / "run.py").read_text()
    bounds = re.search(r"OLDEST, NEWEST = \(3, (\d+)\), \(3, (\d+)\)", run_py)
    assert bounds is not None
    oldest, newest = map(int, bounds.groups())
    assert project["project"]["requires-python"] == f">=3.{oldest},<3.{newest + 1}"
    assert project["tool"]["mypy"]["python_version"] == f"3.{oldest}"
