"""Moving to a new model as soon as there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stillwatch.simulate.records import SECOND, Setting
from stillwatch.simulate.stage import Stage


@dataclass(frozen=True, slots=True)
class Pivot:
    """What part of the harvest follows a release, and how soon."""

    share: float = 0.0
    """Share of the harvest that moves to the last model that is released in the window."""
    hours: float = 24.0
    """All that moves has moved so many hours after the release, at times spread evenly."""

    def moves(self, stage: Stage, rng: np.random.Generator, settings: list[Setting]) -> None:
        """Let the share of the settings, counted exactly, move to the window's last release.

        They are spread evenly over the order in which the settings stand.
        """
        releases = [r for r in stage.releases if 0 <= r.at < stage.end]
        if not releases or not self.share:
            return
        release = releases[-1]
        place = np.floor((np.arange(len(settings) + 1) + rng.random()) * self.share)
        for k in np.flatnonzero(np.diff(place)).tolist():
            at = release.at + int(rng.random() * self.hours * 3600 * SECOND)
            settings[k] = replace(settings[k], next_model=release.model, moves_at=at)
