"""What a scan found, as plain values: the shapes that the report and the terminal share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from stillwatch.model.vocabulary import CAMPAIGN_Q_VALUE

SCORES: Final = ("coordination", "extraction", "concealment")
"""The three totals of a group, in the order that every screen shows them."""


@dataclass(frozen=True, slots=True)
class Term:
    """One additive piece of evidence for or against a group."""

    score: str
    name: str
    family: str
    log_odds: float
    statement: str
    innocent_explanation: str
    example_exchange_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CapabilityCount:
    """What a campaign spent on one capability, or on none (`other`)."""

    name: str
    exchanges: int
    input_tokens: int | None
    """None where no exchange states them."""
    output_tokens: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that were judged together, and the terms that judged them."""

    group_id: str
    kind: str
    accounts: int
    exchanges: int
    campaign_exchanges: int
    first_seen: datetime | None
    last_seen: datetime | None
    scores: Mapping[str, float]
    best_innocent_explanation: str
    q_value: float | None
    families: tuple[str, ...]
    capabilities: tuple[tuple[str, float], ...]
    """Name and share, largest first."""
    capability_counts: tuple[CapabilityCount, ...]
    """Most exchanges first, `other` last; empty for what is no campaign, and in older results."""
    summary: str
    terms: tuple[Term, ...]

    @property
    def distance(self) -> float:
        """How far the group is from a campaign: 0 is nearest, 1 farthest."""
        return 1.0 if self.q_value is None else self.q_value

    @property
    def is_campaign(self) -> bool:
        """Whether the group is reported as a campaign: judged one, at or below the bar on q."""
        return (
            self.kind == "campaign"
            and self.q_value is not None
            and self.q_value <= CAMPAIGN_Q_VALUE
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One account of a group."""

    account_id: str
    log_odds: float
    probability: float
    exchanges: int
    campaign_exchanges: int
    first_linked_at: datetime | None
    families: tuple[str, ...]
    """Families whose membership terms speak for this account, strongest first."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A trait, or a kind of link, that ties members of a group."""

    kind: str
    family: str
    value: str | None
    members: int
    accounts: tuple[str, ...]
    everywhere: int | None
    """Accounts in the whole log that hold the trait; None when it is not a listed trait."""


@dataclass(frozen=True, slots=True)
class Hour:
    """A group's exchanges within one hour."""

    start: datetime
    exchanges: int
    campaign_exchanges: int


@dataclass(frozen=True, slots=True)
class CampaignDetail:
    """What is read only for a campaign, because it is long."""

    members: tuple[Member, ...]
    """The strongest members, at most as many as were asked for."""
    listed: int
    """Members that the scan listed, unlikely ones included."""
    named: int
    """Members with at least the probability from which an account is named."""
    ties: tuple[Tie, ...]
    hours: tuple[Hour, ...]
    link_kinds: tuple[tuple[str, int], ...]
    """Kind of link and how many of them join two members."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a field is present, a family could run, or what limit the scan had."""

    subject: str
    name: str
    status: str
    present_share: float | None
    statement: str


@dataclass(frozen=True, slots=True)
class RejectedReason:
    """Rows that were set aside for one reason, and where the first of them stands."""

    reason: str
    rows: int
    first_source: str
    first_line: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """One scan's output folder, short enough to hold in memory whatever the size of the log."""

    folder: Path
    scan: Mapping[str, Any]
    """`scan.json` as it stands."""
    groups: tuple[Group, ...]
    """Campaigns first, the largest before; then by kind, what is nearest to a campaign before."""
    readiness: tuple[Readiness, ...]
    rejected: tuple[RejectedReason, ...]

    @property
    def campaigns(self) -> tuple[Group, ...]:
        """The groups that are reported as campaigns."""
        return tuple(group for group in self.groups if group.is_campaign)

    @property
    def others(self) -> tuple[Group, ...]:
        """The groups that are not."""
        return tuple(group for group in self.groups if not group.is_campaign)
