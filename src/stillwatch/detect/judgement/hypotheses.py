"""The innocent explanations that every group is weighed against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stillwatch.model.vocabulary import GroupKind


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A way in which innocent accounts come to look alike."""

    name: str
    kind: GroupKind
    """What a group is called when this explains it best."""
    says: str
    one_hand: bool
    """Whether the accounts really are run together, innocently."""
    open: bool
    """Whether the accounts say that they belong together."""


INNOCENT: Final[tuple[Hypothesis, ...]] = (
    Hypothesis("tool", "shared_workload", "users of one popular tool", False, False),
    Hypothesis("benchmark", "shared_workload", "people who run one public benchmark", False, False),
    Hypothesis("viral", "shared_workload", "people who pass on one prompt", False, False),
    Hypothesis(
        "network", "shared_workload", "customers of one carrier, VPN or campus", False, False
    ),
    Hypothesis("unknown", "unexplained", "strangers who happen to write alike", False, False),
    Hypothesis("aggregator", "shared_workload", "apps with many end users", True, False),
    Hypothesis(
        "reseller", "resale_pool", "a reseller's pool with unrelated customers", True, False
    ),
    Hypothesis("organisation", "organisation", "one company", True, True),
    Hypothesis("class", "class", "a class with one assignment", False, True),
)

BY_NAME: Final = {h.name: h for h in INNOCENT}


def rivals(score: str) -> tuple[Hypothesis, ...]:
    """Return the explanations that a score is weighed against.

    Coordination asks whether strangers could look so, extraction whether any innocent work could,
    concealment whether a group that is open about itself could.
    """
    if score == "coordination":
        return tuple(h for h in INNOCENT if not h.one_hand)
    if score == "concealment":
        return tuple(h for h in INNOCENT if h.open)
    return INNOCENT
