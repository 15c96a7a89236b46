"""The several ways in which one person uses a model: other models, projects and devices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from stillwatch.simulate.clients import CHAT_FAMILIES, build
from stillwatch.simulate.draws import around, one_of
from stillwatch.simulate.populations import habits
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.records import Setting
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.system_prompts import TOOL_PROMPTS

_MOST: Final = 12
_SAME_MODEL: Final = 0.5
"""Chance that another way keeps the usual model."""
_MOST_SHARERS: Final = 4
_TWO_DEVICES: Final = 0.35
_OTHERS: Final = 2.5
_SPREAD: Final = 1.0
"""Median number of other ways beside the usual, and its spread (guessed)."""


def chats(
    stage: Stage, rng: np.random.Generator, language: str, *names: str | int
) -> list[Setting]:
    """Return how one person chats, the usual way first; some have a phone beside the browser."""
    usual = habits.chat(stage, rng, language, *names)
    devices = [usual.client]
    if rng.random() < _TWO_DEVICES:
        devices.append(build(CHAT_FAMILIES[usual.client.family == CHAT_FAMILIES[0]], rng))
    return [
        usual,
        *(
            _other(
                rng,
                usual,
                habits.chat(stage, rng, language, *names, k, client=one_of(rng, devices)),
            )
            for k in range(_others(rng))
        ),
    ]


def agents(stage: Stage, rng: np.random.Generator, tool: str, *names: str | int) -> list[Setting]:
    """Return how one person runs an agent tool, the usual way first.

    Each project has its own folder; the tool itself calls another model for small jobs, or its
    user changes the model.
    """
    usual = habits.agent_tool(stage, rng, tool, *names)
    bare = usual.system_prompt == TOOL_PROMPTS[tool]
    found = [usual]
    for k in range(_others(rng)):
        drawn = habits.agent_tool(stage, rng, tool, *names, k, client=usual.client)
        other = _other(rng, usual, drawn)
        found.append(replace(other, system_prompt=usual.system_prompt) if bare else other)
    return found


def sharers(rng: np.random.Generator, chance: float) -> int:
    """Return how many others use somebody's account: none, or with that chance one to four."""
    if rng.random() >= chance:
        return 0
    return min(_MOST_SHARERS, 1 + int(rng.exponential(1.2)))


def rows(roster: Roster, settings: Sequence[Setting]) -> list[int]:
    """Add settings and return their rows; the first stands there as often as all others."""
    found = [roster.setting(setting) for setting in settings]
    return found[:1] * max(1, len(found) - 1) + found[1:]


def _other(rng: np.random.Generator, usual: Setting, other: Setting) -> Setting:
    if rng.random() >= _SAME_MODEL:
        return other
    return replace(other, model=usual.model, reasons=usual.reasons)


def _others(rng: np.random.Generator) -> int:
    return min(_MOST, int(around(rng, _OTHERS, _SPREAD)))
