"""A checkout names no machine that it was made on and no place that packages come from."""

from __future__ import annotations

import re
from pathlib import Path

REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|--(extra-)?index-url|--find-links",
    re.IGNORECASE,
)
NO_TEXT = {".png", ".parquet", ".gz", ".zst", ".ico", ".woff2", ".pdf"}
LARGEST = 500_000


def texts(tracked: list[Path]) -> dict[Path, str]:
    return {file: file.read_text() for file in tracked if file.suffix not in NO_TEXT}


def mentions(tracked: list[Path], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{file.name}:{number}: {line.strip()[:120]}"
        for file, text in texts(tracked).items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_package_registry_is_named(tracked: list[Path], root: Path) -> None:
    # The rule itself and the option that keeps indexes out of the locks are no mention of one.
    allowed = {root / "scripts" / "lock.py", Path(__file__)}
    assert mentions([file for file in tracked if file not in allowed], REGISTRIES) == []


def test_no_path_of_this_machine(tracked: list[Path], root: Path) -> None:
    places = {str(root.parent), str(Path.home())}
    here = [
        re.escape(place.rstrip("/")) + "/" for place in places if place.count("/") and place != "/"
    ]
    assert mentions(tracked, re.compile("|".join(here))) == []


def test_no_large_file(tracked: list[Path]) -> None:
    sizes = {file.name: file.stat().st_size for file in tracked}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
