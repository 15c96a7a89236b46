"""The campaigns of public reports, as far as the reports go; the rest is guessed and says so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from stillwatch.simulate.operators import (
    Campaign,
    ControlPlane,
    Cover,
    Growth,
    Location,
    Pathways,
    Pivot,
    Relaying,
    Sharing,
    Succession,
    Volume,
    Wording,
    Work,
)
from stillwatch.simulate.populations import crowd
from stillwatch.simulate.presets.preset import Preset
from stillwatch.simulate.records import DAY, Release

_FEBRUARY: Final = 'Anthropic, "Detecting and preventing distillation attacks", 23 February 2026'
_CROWD: Final = "the innocent crowd: its size, its rates, its shares of populations"
_RELAY: Final = "wordings, sharing of traits, and the relay's policy beyond what is said above"

_DEEPSEEK: Final = Preset(
    "deepseek-2026-02",
    "150,000 exchanges of synchronised accounts: reasoning traces and rubric grading",
    14,
    (
        *crowd(20_000, 4.0),
        Campaign(
            250,
            name="deepseek-2026-02",
            volume=Volume(150_000 / 250 / 14),
            sharing=Sharing(0.15, payment=0.6),
            wording=Wording(4, "light", elicitation=0.9),
            work=Work(
                mix=(("reasoning_mathematics", 0.5), ("grading", 0.4), ("writing", 0.1)),
                repeats=1,
            ),
            relaying=Relaying("round_robin", burst=12.0),
            control=ControlPlane(1.0),
        ),
    ),
    beginning=datetime(2026, 1, 26, tzinfo=UTC),
    models="DeepSeek's campaign: synchronised traffic with identical patterns, balanced over "
    "accounts that share means of payment; the model grades by rubric and sets out the reasoning "
    "behind finished answers.",
    source=f"{_FEBRUARY}: more than 150,000 exchanges.",
    guessed=(
        "250 accounts over 14 days from 26 January 2026",
        "payment shared with probability 0.6, other traits 0.15",
        "shares of the capabilities: half reasoning, two fifths grading",
        "round robin in bursts of twelve stands for synchronised, load-balanced traffic",
        _CROWD,
    ),
)

_MOONSHOT: Final = Preset(
    "moonshot-2026-02",
    "3.4 million exchanges of 500 accounts over four pathways: agents, tools, code, data",
    60,
    (
        *crowd(20_000, 4.0),
        Campaign(
            500,
            name="moonshot-2026-02",
            volume=Volume(3_400_000 / 500 / 60),
            sharing=Sharing(0.15),
            wording=Wording(16, "medium"),
            work=Work(
                mix=(
                    ("agentic_tool_use", 0.4),
                    ("software_engineering", 0.3),
                    ("data_analysis", 0.2),
                    ("reasoning_mathematics", 0.1),
                ),
            ),
            relaying=Relaying("sticky_lru"),
            pathways=Pathways(api=0.5, app=0.2, bedrock=0.15, vertex=0.15),
            control=ControlPlane(1.0),
        ),
    ),
    beginning=datetime(2025, 12, 22, tzinfo=UTC),
    models="Moonshot's campaign: hundreds of accounts of mixed types over many access pathways, "
    "after agentic reasoning, tool use, coding and data analysis.",
    source=f"{_FEBRUARY}: more than 3.4 million exchanges, hundreds of accounts.",
    guessed=(
        "500 accounts over 60 days from 22 December 2025",
        "shares of the pathways and of the capabilities",
        _RELAY,
        _CROWD,
    ),
)

_MINIMAX: Final = Preset(
    "minimax-2026-02",
    "13 million exchanges of 23,000 accounts among a relay's customers; half move to a new model",
    60,
    (
        *crowd(100_000, 3.0),
        Campaign(
            23_000,
            name="minimax-2026-02",
            volume=Volume(13_000_000 / 0.8 / 23_000 / 60),
            sharing=Sharing(0.15),
            wording=Wording(12, "medium"),
            cover=Cover(0.2, by="end_users", end_users=0.8),
            work=Work(mix=(("agentic_tool_use", 0.55), ("software_engineering", 0.45))),
            relaying=Relaying("sticky_lru"),
            control=ControlPlane(1.0),
            pivot=Pivot(0.48),
            succession=Succession(suspended=0.05, reserve=0.05),
        ),
    ),
    beginning=datetime(2025, 12, 22, tzinfo=UTC),
    releases=(Release("large-3", 45 * DAY, 5.0, 25.0),),
    models="MiniMax's campaign after agentic coding, which moved nearly half its traffic to a new "
    "model within 24 hours of its release, on a proxy network that mixed it with unrelated "
    "customers' traffic and replaced banned accounts.",
    source=f"{_FEBRUARY}: more than 13 million exchanges; about 24,000 accounts over all three "
    "campaigns; a proxy network of more than 20,000 accounts at once.",
    guessed=(
        "23,000 accounts: what is left of the 24,000 without the other two campaigns",
        "60 days from 22 December 2025; the release on the 46th day",
        "that it ran on the network of 20,000 accounts; a fifth of the pool's traffic is its "
        "customers'",
        "1 in 20 accounts suspended and replaced",
        _RELAY,
        _CROWD,
    ),
)

_JUNE: Final = Preset(
    "alibaba-2026-06",
    "28.8 million exchanges of 24,900 accounts at 26 a day: agents, software, long horizons",
    45,
    (
        *crowd(250_000, 30_000_000 / 250_000 / 45),
        Campaign(
            24_900,
            name="alibaba-2026-06",
            volume=Volume(28_800_000 / 24_900 / 45),
            growth=Growth("flat"),
            sharing=Sharing(0.12),
            wording=Wording(12, "medium"),
            work=Work(
                mix=(
                    ("agentic_tool_use", 0.4),
                    ("software_engineering", 0.35),
                    ("long_horizon_planning", 0.25),
                ),
            ),
            relaying=Relaying("sticky_lru", burst=1.5),
            location=Location(own_proxy=0.9, mismatch=0.1),
            control=ControlPlane(1.0),
        ),
    ),
    beginning=datetime(2026, 4, 22, tzinfo=UTC),
    models="The campaign that a letter of June 2026 lays to Alibaba: nearly 25,000 accounts at "
    "about 26 requests a day, through proxies, after agentic reasoning, software engineering and "
    "long-horizon tasks.",
    source="Letter of 10 June 2026, in news reports: 28.8 million exchanges, nearly 25,000 "
    "accounts, 22 April to 5 June.",
    guessed=(
        "24,900 accounts; all of them at work from the first day (growth has other shapes)",
        "that none of the accounts' traffic is innocent",
        "shares of the capabilities",
        "proxies: nine accounts in ten have an exit of their own, one in ten of these abroad",
        _RELAY,
        _CROWD,
    ),
)

_JULY: Final = Preset(
    "alibaba-2026-07",
    "151 million exchanges with one injected prompt; a second pool after the ban of the first",
    92,
    (
        *crowd(100_000, 3.0),
        Campaign(
            8_500,
            name="alibaba-2026-07",
            volume=Volume(151_000_000 / 8_500 / 92),
            growth=Growth("ramping", start=0.15, until=0.63),
            sharing=Sharing(0.12),
            wording=Wording(1, "none", fixed="user"),
            work=Work(
                mix=(
                    ("agentic_tool_use", 0.4),
                    ("software_engineering", 0.35),
                    ("long_horizon_planning", 0.25),
                ),
            ),
            relaying=Relaying("sticky_lru"),
            control=ControlPlane(1.0),
            succession=Succession(ban_day=61, reserve=3_500 / 8_500, delay_hours=(6.0, 72.0)),
        ),
    ),
    beginning=datetime(2026, 5, 1, tzinfo=UTC),
    models="The campaign of May to July 2026: one fixed prompt in every request, a pool of 5,000 "
    "accounts that grows and is banned, and a second pool of 3,500 that takes its queue over.",
    source="Anthropic's threat report of September 2026 (quoted by others): more than 151 million "
    "exchanges from May to July, peak about 3 million a day, more than 3,500 accounts at peak, a "
    "first pool of about 5,000, a second pool after the ban.",
    guessed=(
        "that the first pool grew along an exponential curve from 15 % of its accounts until three "
        "days before it was banned on 1 July, so that its highest day has about 3 million exchanges",
        "that all 5,000 accounts of the first pool are at work on that day: the report says more "
        "than 3,500",
        "a second pool of 3,500; that none of its traffic was other laboratories'",
        "shares of the capabilities",
        _RELAY,
        _CROWD,
    ),
)

PUBLIC: Final = (_DEEPSEEK, _MOONSHOT, _MINIMAX, _JUNE, _JULY)
