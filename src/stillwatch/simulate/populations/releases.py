"""Who moves to a newly released model, and when."""

from __future__ import annotations

from typing import Final

import numpy as np

from stillwatch.simulate.draws import around
from stillwatch.simulate.records import DAY, Release
from stillwatch.simulate.stage import Stage

_AT_ONCE: Final = 0.05
_SUCCESSOR: Final = 0.65
_OTHER: Final = 0.12
_WEEKS: Final = 12.0
"""Median days until somebody who moves has moved (guessed); enthusiasts take hours."""
_TOOL_WAITS: Final = 2.5


def moves(stage: Stage, rng: np.random.Generator, model: str) -> tuple[str, int] | None:
    """Return the model that somebody moves to and the time, or none if they stay.

    Enthusiasts try whatever comes within hours. Of the others, users of the model's predecessor
    mostly move, over weeks, and users of other models seldom.
    """
    for release in stage.releases:
        draw = rng.random()
        if draw < _AT_ONCE:
            return release.model, release.at + int(rng.exponential(DAY / 3))
        if draw < _AT_ONCE + (_SUCCESSOR if succeeds(release, model) else _OTHER):
            return release.model, release.at + int(around(rng, _WEEKS, 0.9) * DAY)
    return None


def tool_moves(stage: Stage, tool: str, model: str) -> tuple[str, int] | None:
    """Return the model that an agent tool's new default sends its users to, and from when.

    A popular tool follows a successor of its default within days; its users update after that.
    """
    for release in stage.releases:
        if succeeds(release, model):
            rng = stage.generator("tool default", tool, release.model)
            return release.model, release.at + int(rng.exponential(_TOOL_WAITS * DAY))
    return None


def succeeds(release: Release, model: str) -> bool:
    """Return whether a release takes a model's place: the same name with a later number."""
    return release.model != model and release.model.rpartition("-")[0] == model.rpartition("-")[0]
