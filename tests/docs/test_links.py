"""Pages lead to what is there, and every page is found from the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LINK = re.compile(
    r"!?\[[^\]]*\]\((?P<target>[^)#\s]*)(?:#[^)\s]*)?\)|(?:src|srcset|href)=\"(?P<html>[^\"#]*)\""
)
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def pages(root: Path) -> list[Path]:
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def targets(page: Path) -> set[Path]:
    """Return the files of the checkout that a page links to."""
    links = [
        match["target"] or match["html"] or ""
        for match in LINK.finditer(CODE.sub("", page.read_text()))
    ]
    return {(page.parent / link).resolve() for link in links if link and "://" not in link}


def test_no_link_leads_nowhere(root: Path) -> None:
    broken = {
        f"{page.relative_to(root)} -> {target}"
        for page in pages(root)
        for target in targets(page)
        if not target.exists()
    }
    assert broken == set()


def test_every_page_is_reached_from_the_index(root: Path) -> None:
    index = root / "docs" / "README.md"
    reached, waiting = {index}, [index]
    while waiting:
        for target in targets(waiting.pop()) - reached:
            reached.add(target)
            if target.suffix == ".md":
                waiting.append(target)
    assert set((root / "docs").rglob("*.md")) - reached == set()


def links_in(page: Path) -> list[Path]:
    """Return every link of a page in order, repeated ones too."""
    links = [match["target"] for match in LINK.finditer(CODE.sub("", page.read_text()))]
    return [(page.parent / link).resolve() for link in links if link and "://" not in link]


@pytest.mark.parametrize("folder", [".", "decisions"])
def test_an_index_links_each_of_its_pages_once(root: Path, folder: str) -> None:
    docs = root / "docs"
    index = docs / folder / "README.md"
    listed = set(docs.glob("*/*.md")) if folder == "." else set(index.parent.glob("[0-9]*.md"))
    if folder == ".":
        listed -= {page for page in listed if page.parent.name == "decisions"}
    assert listed != set()
    counted = links_in(index)
    assert {page.name: counted.count(page) for page in listed if counted.count(page) != 1} == {}


def test_every_picture_is_shown_somewhere(root: Path) -> None:
    shown = set().union(*(targets(page) for page in pages(root)))
    assert set((root / "docs" / "pictures").iterdir()) - shown == set()
