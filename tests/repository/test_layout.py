"""The folders say what the architecture is; these rules keep them saying it."""

from __future__ import annotations

from pathlib import Path

LONGEST_FILE = 400
SAYS_NOTHING = {"utils", "util", "misc", "helpers", "helper", "lib", "common", "manager"}
TESTS_OF_NO_PACKAGE = {"repository", "docs", "worlds"}


def python_files(folder: Path) -> list[Path]:
    files = sorted(folder.rglob("*.py"))
    assert files, f"{folder} holds no Python"
    return files


def test_no_source_file_is_too_long(root: Path) -> None:
    lengths = {
        str(file.relative_to(root)): len(file.read_text().splitlines())
        for file in python_files(root / "src")
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_every_name_says_something(root: Path) -> None:
    package = root / "src" / "stillwatch"
    parts = {part for file in python_files(package) for part in file.relative_to(package).parts}
    assert {part for part in parts if part.removesuffix(".py").strip("_") in SAYS_NOTHING} == set()


def test_every_folder_of_the_source_is_a_package(root: Path) -> None:
    # The import linter passes over a folder without __init__.py, and so over its floors.
    folders = {file.parent for file in python_files(root / "src" / "stillwatch")}
    assert {str(folder) for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_tests_mirror_the_source(root: Path) -> None:
    tests, package = root / "tests", root / "src" / "stillwatch"
    folders = {file.parent.relative_to(tests) for file in python_files(tests)} - {Path()}
    strangers = {
        str(folder)
        for folder in folders
        if folder.parts[0] not in TESTS_OF_NO_PACKAGE and not (package / folder).is_dir()
    }
    assert strangers == set()


def test_every_package_has_tests(root: Path) -> None:
    tests, package = root / "tests", root / "src" / "stillwatch"
    modules = [file for file in python_files(package) if file.name != "__init__.py"]
    packages = {file.relative_to(package).parts[0] for file in modules}
    untested = {
        name
        for name in packages
        if (package / name).is_dir() and not list((tests / name).rglob("test_*.py"))
    }
    assert untested == set()
