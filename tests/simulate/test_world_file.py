"""Worlds of one's own, as TOML."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from stillwatch.errors import InputError
from stillwatch.simulate import PRESETS, read_world, write_world
from stillwatch.simulate.operators import Campaign
from stillwatch.simulate.world_file import POPULATIONS

MINE = """
name = "mine"
summary = "a class, a crowd and a pool"
days = 10
beginning = 2026-04-22

[crowd]
accounts = 200
requests = 2

[[population]]
kind = "class"
accounts = 30

[[campaign]]
accounts = 40
rhythm = "mimic"
volume = { requests = 9 }

[campaign.cover]
share = 0.4

[campaign.sharing]
chance = 0.1
payment = 0.5

[campaign.work]
mix = { software_engineering = 0.7, grading = 0.3 }

[[release]]
model = "large-3"
day = 4
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_world_is_what_its_file_says(tmp_path: Path) -> None:
    preset = read_world(_file(tmp_path, MINE))
    assert (preset.name, preset.days) == ("mine", 10)
    assert preset.beginning == datetime(2026, 4, 22, tzinfo=UTC)
    assert sum(c.accounts for c in preset.casts) == 200 - 7 + 30 + 40
    campaign = preset.casts[-1]
    assert isinstance(campaign, Campaign)
    assert (campaign.rhythm, campaign.volume.requests, campaign.cover.share) == ("mimic", 9, 0.4)
    assert (campaign.sharing.of("payment"), campaign.sharing.of("mail")) == (0.5, 0.1)
    assert campaign.work.mix == (("software_engineering", 0.7), ("grading", 0.3))
    assert [r.model for r in preset.releases] == ["large-3"]


def test_it_can_be_written(tmp_path: Path) -> None:
    summary = write_world(read_world(_file(tmp_path, MINE)), 1.0, 3, tmp_path / "world")
    assert (summary.preset, summary.accounts, summary.campaigns) == ("mine", 263, 1)
    assert summary.campaign_exchanges > 300


def test_a_preset_can_be_changed(tmp_path: Path) -> None:
    text = """
        base = "alibaba-2026-06"
        [change.growth]
        shape = "ramping"
        [crowd]
        accounts = 500
    """
    preset, june = read_world(_file(tmp_path, text)), PRESETS["alibaba-2026-06"]
    changed, campaign = preset.casts[-1], june.casts[-1]
    assert isinstance(changed, Campaign)
    assert isinstance(campaign, Campaign)
    assert changed.growth.shape == "ramping"
    assert (changed.accounts, changed.volume) == (campaign.accounts, campaign.volume)
    assert (preset.days, preset.beginning, preset.name) == (45, june.beginning, "mine")
    assert sum(c.accounts for c in preset.casts) == 500 + 24_900


def test_every_population_can_be_asked_for(tmp_path: Path) -> None:
    text = "".join(f'[[population]]\nkind = "{kind}"\naccounts = 12\n' for kind in POPULATIONS)
    kinds = {cast.population for cast in read_world(_file(tmp_path, text)).casts}
    assert kinds == set(POPULATIONS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dayz = 3", "the world has no 'dayz'"),
        ("days = 0\n[crowd]\naccounts = 3", "days must be a whole number"),
        ("", "nobody is in the world"),
        ("[crowd]\nacounts = 3", "crowd has no 'acounts'"),
        ("[crowd]\naccounts = 0", "at least one account"),
        ('[[population]]\nkind = "ghost"', "kind must be one of"),
        (
            '[[population]]\nkind = "class"\naccounts = 3\npupils = 2',
            "population 1 has no 'pupils'",
        ),
        ("[[campaign]]\naccounts = 3\nvolume = { speed = 1 }", "campaign 1, volume has no 'speed'"),
        ('[[campaign]]\naccounts = 3\nrhythm = "night"', "campaign 1: rhythm"),
        ("[[campaign]]\naccounts = 3\ncover = { share = 2 }", "cover.share must be from 0 to 1"),
        ("[[campaign]]\naccounts = 0", "at least one account"),
        (
            '[[campaign]]\nname = "a"\naccounts = 1\n[[campaign]]\nname = "a"\naccounts = 1',
            "two campaigns are called 'a'",
        ),
        ("[campaign]\naccounts = 3", "write [[campaign]]"),
        ('base = "L9"', "no preset called 'L9'"),
        ('base = "null"\n[change]\naccounts = 3', "no campaign whose knobs"),
        ("[change]\naccounts = 3", "change needs a base"),
        ('beginning = "soon"\n[crowd]\naccounts = 3', "beginning must be a date"),
        ('[crowd]\naccounts = 3\n[[release]]\nmodel = "x"', "release needs model and day"),
        ("days = ", "not TOML"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    text: str, message: str, tmp_path: Path
) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_world(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_world(tmp_path / "absent.toml")
