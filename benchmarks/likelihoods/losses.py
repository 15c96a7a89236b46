"""A world that no preset of the package shows: a model appears, and two pools lose accounts at once."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.operators import (
    Campaign,
    Cover,
    Pivot,
    Relaying,
    Sharing,
    Succession,
    Volume,
    Wording,
)
from stillwatch.simulate.populations import crowd
from stillwatch.simulate.presets.preset import Preset
from stillwatch.simulate.records import DAY, Release

LOSSES: Final = Preset(
    "losses",
    "two campaigns that move to a new model and replace suspended accounts from a reserve",
    18,
    (
        *crowd(20_000, 10.0),
        Campaign(
            800,
            name="banned",
            volume=Volume(26),
            sharing=Sharing(0.25),
            wording=Wording(8, "medium"),
            cover=Cover(0.3),
            relaying=Relaying("sticky_lru"),
            pivot=Pivot(0.48),
            succession=Succession(ban_day=10, ban_share=0.4, reserve=0.3),
        ),
        Campaign(
            400,
            name="worn",
            volume=Volume(26),
            sharing=Sharing(0.25),
            wording=Wording(3, "light"),
            cover=Cover(0.3, by="end_users"),
            relaying=Relaying("sticky_lru"),
            pivot=Pivot(0.3),
            succession=Succession(suspended=0.15, reserve=0.15),
        ),
    ),
    releases=(Release("large-3", 8 * DAY, 5.0, 25.0),),
    models="What the terms of pivot and succession read; made for counting levels, not for results.",
    source="None: made up, after what the public presets have in common.",
    guessed=("everything",),
)
