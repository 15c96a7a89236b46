"""The pages on knobs and presets say what there is, as it is."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from scripts.presets_page import page
from stillwatch.simulate import PRESETS
from stillwatch.simulate.operators import Campaign
from stillwatch.simulate.operators.work import HARVEST

GROUPS: list[Any] = [Campaign, *(h for h in get_type_hints(Campaign).values() if is_dataclass(h))]
PAGES = Path(__file__).parents[2] / "docs" / "reference"


@pytest.fixture(scope="module")
def chapters() -> dict[str, str]:
    text = (PAGES / "knobs.md").read_text()
    parts = re.split(r"^## `(\w+)`$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_group_of_knobs_has_a_chapter_and_no_other(chapters: dict[str, str]) -> None:
    assert next(iter(chapters)) == "Campaign"
    assert set(chapters) == {group.__name__ for group in GROUPS}


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_every_knob_is_described_with_its_default(chapters: dict[str, str], group: Any) -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", chapters[group.__name__], re.MULTILINE
    )
    assert [name for name, _, _ in rows] == [field.name for field in fields(group)]
    for field, (name, default, meaning) in zip(fields(group), rows, strict=True):
        assert len(meaning) > 10, name
        if field.default is not MISSING and field.default != HARVEST:
            assert default == f"`{field.default}`", name
        elif field.default_factory is MISSING and field.default is MISSING:
            assert default == "required"


def test_the_usual_mix_is_that_of_the_page(chapters: dict[str, str]) -> None:
    said = dict(re.findall(r"`(\w+)` (0\.\d+)", chapters["Work"].split("By default:")[1]))
    assert {name: float(share) for name, share in said.items()} == dict(HARVEST)


def test_the_page_on_presets_is_the_one_that_the_presets_make() -> None:
    written = (PAGES / "presets.md").read_text()
    assert written == page(), "run: python scripts/presets_page.py > docs/reference/presets.md"


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_says_what_it_models_its_source_and_what_is_guessed(name: str) -> None:
    text = (PAGES / "presets.md").read_text().split(f"## `{name}`\n")[1].split("\n## ")[0]
    preset = PRESETS[name]
    assert preset.models in text
    assert f"- Source: {preset.source}" in text
    assert preset.guessed
    assert all(f"- Guessed: {guess}." in text for guess in preset.guessed)
