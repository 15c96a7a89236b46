"""The ladder has exactly the knobs of the design's table."""

from __future__ import annotations

from typing import Any

import pytest

from stillwatch.simulate import PRESETS
from stillwatch.simulate.operators import Campaign
from stillwatch.simulate.operators.sharing import IDENTITY, TRAITS
from stillwatch.simulate.world_file import POPULATIONS

TABLE: dict[str, tuple[Any, ...]] = {
    # accounts, requests, sharing, templates, paraphrase, innocent share, scheduler, rhythm
    "L0": (200, 200, 0.8, 1, "none", 0.0, "round_robin", "always"),
    "L1": (400, 60, 0.4, 3, "light", 0.1, "sticky_lru", "always"),
    "L2": (800, 30, 0.25, 8, "medium", 0.3, "sticky_lru", "office"),
    "L3": (800, 26, 0.1, 20, "strong", 0.5, "sticky_lru", "mimic"),
    "L4": (800, 12, 0.05, 60, "strong", 0.6, "sharded", "mimic"),
    "L5": (600, 8, 0.0, None, "per_account", 0.7, "sticky", "mimic"),
}


def _campaign(name: str) -> Campaign:
    (found,) = [cast for cast in PRESETS[name].casts if isinstance(cast, Campaign)]
    return found


@pytest.mark.parametrize("name", TABLE)
def test_each_rung_has_the_knobs_of_the_table(name: str) -> None:
    c = _campaign(name)
    templates = None if c.wording.paraphrase == "per_account" else c.wording.templates
    sharing = {c.sharing.of(trait) for trait in IDENTITY}
    assert len(sharing) == 1
    # Clients and exits are shared as what was given at sign-up is, but not by the quiet.
    others = {c.sharing.of(trait) for trait in set(TRAITS) - set(IDENTITY)}
    assert others == ({0.0} if name in ("L4", "L5") else sharing)
    assert TABLE[name] == (
        c.accounts,
        c.volume.requests,
        sharing.pop(),
        templates,
        c.wording.paraphrase,
        c.cover.share,
        c.relaying.scheduler,
        c.rhythm,
    )


def test_failover_is_certain_rare_or_certain_again_and_l5_is_a_hydra() -> None:
    for name in ("L1", "L2", "L3"):
        assert (_campaign(name).relaying.failover, _campaign(name).relaying.stickiness) == (1, 1)
        assert _campaign(name).cover.by == "persona"
    assert 0 < _campaign("L4").relaying.failover <= 0.1
    five = _campaign("L5")
    assert (five.relaying.stickiness, five.relaying.summarised) == (6.0, 0.5)
    assert five.cover.by == "end_users"
    assert five.cover.end_users * five.accounts >= 2000


@pytest.mark.parametrize("name", TABLE)
def test_each_rung_stands_among_20_000_innocents_of_every_population_for_30_days(
    name: str,
) -> None:
    preset = PRESETS[name]
    innocent = [cast for cast in preset.casts if not isinstance(cast, Campaign)]
    assert preset.days == 30
    assert sum(cast.accounts for cast in innocent) >= 20_000
    assert {cast.population for cast in innocent} == set(POPULATIONS)


def test_no_rung_has_other_knobs_than_the_table_names() -> None:
    plain = Campaign(1)
    for name in TABLE:
        c = _campaign(name)
        for group in ("growth", "work", "pathways", "location", "control", "pivot", "succession"):
            assert getattr(c, group) == getattr(plain, group), (name, group)


def test_only_the_hard_rungs_ask_in_their_owners_words_and_rewrite_what_moves() -> None:
    careful = {name for name in TABLE if _campaign(name).wording.tasks == "owner"}
    assert careful == {"L4", "L5"}
    assert careful == {name for name in TABLE if _campaign(name).relaying.rewrites == 1}
