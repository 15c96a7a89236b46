"""A campaign: one actor, many accounts, one queue; every habit of it is a knob."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Final, Literal

from stillwatch.errors import UsageError
from stillwatch.simulate.operators.adaptation import Adaptation
from stillwatch.simulate.operators.control_plane import ControlPlane
from stillwatch.simulate.operators.cover import Cover
from stillwatch.simulate.operators.growth import Growth
from stillwatch.simulate.operators.location import Location
from stillwatch.simulate.operators.operation import Operation
from stillwatch.simulate.operators.pathways import Pathways
from stillwatch.simulate.operators.pivot import Pivot
from stillwatch.simulate.operators.relaying import Relaying
from stillwatch.simulate.operators.sharing import TRAITS, Sharing
from stillwatch.simulate.operators.succession import Succession
from stillwatch.simulate.operators.volume import Volume
from stillwatch.simulate.operators.wording import Wording
from stillwatch.simulate.operators.work import Work
from stillwatch.simulate.stage import Stage

_MOST_COVER: Final = 0.95
_SHARES: Final[dict[str, tuple[str, ...]]] = {
    "growth": ("start", "until", "fresh"),
    "cover": ("share",),
    "sharing": ("chance", *TRAITS),
    "wording": ("elicitation", "thinking_language"),
    "work": ("grading", "cleaning", "replays"),
    "relaying": ("failover", "summarised", "rewrites"),
    "location": ("own_proxy", "residential", "mismatch"),
    "control": ("share",),
    "pivot": ("share",),
    "succession": ("suspended", "ban_share", "reserve"),
}
"""Knobs that are shares or chances."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """An operator of accounts that claim to be strangers; the knobs come in groups."""

    accounts: int
    """All accounts that it has before anybody acts against it, dormant ones included."""
    name: str = "campaign-1"
    volume: Volume = field(default_factory=Volume)
    growth: Growth = field(default_factory=Growth)
    cover: Cover = field(default_factory=Cover)
    sharing: Sharing = field(default_factory=Sharing)
    wording: Wording = field(default_factory=Wording)
    work: Work = field(default_factory=Work)
    relaying: Relaying = field(default_factory=Relaying)
    rhythm: Literal["always", "office", "mimic"] = "always"
    """Around the clock; office hours of one place; or each account lives the life of an innocent,
    part of whose conversations are the harvest's: same hours, sittings, rates, models, clients,
    parameters, lengths of conversations, addresses and changes."""
    pathways: Pathways = field(default_factory=Pathways)
    location: Location = field(default_factory=Location)
    control: ControlPlane = field(default_factory=ControlPlane)
    pivot: Pivot = field(default_factory=Pivot)
    succession: Succession = field(default_factory=Succession)
    adaptation: Adaptation = field(default_factory=Adaptation)
    population = "campaign"

    def __post_init__(self) -> None:
        """Raise UsageError for a knob that is out of its range."""
        if self.accounts < 1:
            raise UsageError(f"a campaign needs at least one account, not {self.accounts}")
        for group, names in _SHARES.items():
            for name in names:
                value = getattr(getattr(self, group), name)
                if value is not None and not 0 <= value <= 1:
                    raise UsageError(f"{group}.{name} must be from 0 to 1, not {value:g}")
        if self.cover.share > _MOST_COVER:
            raise UsageError(f"cover.share must be at most {_MOST_COVER:g}: some of it is harvest")
        if not self.volume.requests > 0:
            raise UsageError(f"volume.requests must be above 0, not {self.volume.requests:g}")
        if self.work.grading + self.work.cleaning >= 1 or not self.work.mix:
            raise UsageError("work needs a mix, and grading and cleaning leave part of the volume")

    def populate(self, stage: Stage) -> None:
        """Put the accounts, the queue and the cover on the stage."""
        stage.knobs[self.name] = asdict(self)
        stage.memory[self.name] = operation = Operation(stage, self)
        operation.open()

    def react(self, stage: Stage, now: int, suspended: frozenset[int]) -> None:
        """Answer a wave of enforcement, as `Adapts` has it; the knobs themselves stay."""
        operation: Operation = stage.memory[self.name]
        operation.reaction.to(now, suspended)
