"""The fixed ladder of difficulty: DESIGN §7's rungs L0 to L5."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.operators import Campaign, Cover, Relaying, Sharing, Volume, Wording
from stillwatch.simulate.populations import crowd
from stillwatch.simulate.presets.preset import Cast, Preset

_DAYS: Final = 30
_INNOCENT: Final = crowd(20_000, 10.0)
"""A campaign that mimics innocents at 12 requests a day cannot hide among people who make fewer."""
_BUSY: Final = crowd(20_000, 13.5)
"""Accounts that stand alone make about 13 requests a day here: L4's make fewer than their likes."""
_RARELY: Final = 0.1
_LANES: Final = 24
_NEUTRAL: Final = (
    "the size and the rate of the crowd, and its shares of populations",
    "the window's date; growth, stages, pathways, control plane and replays, which no rung has",
    "what accounts that share a trait have in common: three values of each",
)
_CAREFUL: Final = (
    "that each account sets tasks such as its owner would, in the owner's language",
    "that a conversation which moves takes on the instructions and limits of its new account",
)


def _rung(
    number: int,
    summary: str,
    campaign: Campaign,
    *guessed: str,
    innocent: tuple[Cast, ...] = _INNOCENT,
    note: str = "",
) -> Preset:
    return Preset(
        f"L{number}",
        summary,
        _DAYS,
        (*innocent, campaign),
        models=f"One rung of the ladder on which detectors are compared.{note}",
        source="DESIGN.md, section 7, which fixes accounts, requests, sharing, templates, "
        "paraphrase, innocent share, scheduler, rhythm and pool.",
        guessed=(*guessed, *_NEUTRAL),
    )


LADDER: Final = (
    _rung(
        0,
        "200 loud accounts: one template, round robin around the clock, most traits shared",
        Campaign(
            200,
            name="L0",
            volume=Volume(200),
            sharing=Sharing(0.8),
            wording=Wording(1, "none"),
            relaying=Relaying("round_robin"),
            rhythm="always",
        ),
    ),
    _rung(
        1,
        "400 accounts behind a sticky relay: three templates, a tenth of cover",
        Campaign(
            400,
            name="L1",
            volume=Volume(60),
            sharing=Sharing(0.4),
            wording=Wording(3, "light"),
            cover=Cover(0.1),
            relaying=Relaying("sticky_lru"),
            rhythm="always",
        ),
    ),
    _rung(
        2,
        "800 accounts in office hours: eight templates, three tenths of cover",
        Campaign(
            800,
            name="L2",
            volume=Volume(30),
            sharing=Sharing(0.25),
            wording=Wording(8, "medium"),
            cover=Cover(0.3),
            relaying=Relaying("sticky_lru"),
            rhythm="office",
        ),
    ),
    _rung(
        3,
        "800 accounts with the lives of innocents: twenty templates, half of it cover",
        Campaign(
            800,
            name="L3",
            volume=Volume(26),
            sharing=Sharing(0.1),
            wording=Wording(20, "strong"),
            cover=Cover(0.5),
            relaying=Relaying("sticky_lru"),
            rhythm="mimic",
        ),
    ),
    _rung(
        4,
        "800 quiet accounts whose conversations hardly ever move: sixty templates",
        Campaign(
            800,
            name="L4",
            volume=Volume(12),
            sharing=Sharing(0.05, client=0.0, network=0.0),
            wording=Wording(60, "strong", tasks="owner"),
            cover=Cover(0.6, until="last"),
            relaying=Relaying("sharded", failover=_RARELY, rewrites=1.0),
            rhythm="mimic",
        ),
        "how rare failover is: one in ten errors of an account's own",
        "that a mimic's accounts share what was given at sign-up, but neither client nor exit: these "
        "two are shared with probability 0, where the table says .05",
        "that the crowd asks a third more than on the other rungs, so that a mimic at 12 requests a "
        "day asks a little less than those whose lives it copies",
        *_CAREFUL,
        innocent=_BUSY,
    ),
    _rung(
        5,
        "600 accounts that share nothing, carried inside a resale pool of 2,100 customers",
        Campaign(
            600,
            name="L5",
            volume=Volume(8),
            sharing=Sharing(0.0),
            wording=Wording(paraphrase="per_account", tasks="owner"),
            cover=Cover(0.7, by="end_users", end_users=3.5, until="last"),
            relaying=Relaying(
                "sticky",
                stickiness=6.0,
                summarised=0.5,
                failover=_RARELY,
                rewrites=1.0,
                lanes=_LANES,
            ),
            rhythm="mimic",
        ),
        "how rare failover is: one in ten errors of an account's own",
        "that a conversation which has rested for six hours goes to an account of a similar way of "
        "asking, in a lane of its client and kind, rather than to whichever was idle longest",
        *_CAREFUL,
        note=" About 440 to 480 of the 600 accounts carry an exchange of the campaign: some open late, "
        "and on the quietest, with seven requests in ten innocent, none happens to be harvest.",
    ),
)
