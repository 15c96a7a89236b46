"""Pages lead to what is there, and every page is found from the index."""

from __future__ import annotations

import re
from pathlib import Path

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


def test_every_picture_is_shown_somewhere(root: Path) -> None:
    shown = set().union(*(targets(page) for page in pages(root)))
    assert set((root / "docs" / "pictures").iterdir()) - shown == set()
