"""Every tutorial is run from its first command to its last."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.console_pages import run_page

TUTORIALS = sorted((Path(__file__).parents[2] / "docs" / "tutorial").glob("*.md"))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_tutorial(page: Path, tmp_path: Path) -> None:
    run_page(page, tmp_path)
