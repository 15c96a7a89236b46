"""What is asked for: the queues of a harvest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from stillwatch.model.vocabulary import Capability

HARVEST: Final[tuple[tuple[Capability, float], ...]] = (
    ("reasoning_mathematics", 0.32),
    ("software_engineering", 0.32),
    ("agentic_tool_use", 0.28),
    ("grading", 0.08),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a campaign."""

    name: str
    """A capability, or `cleaning`."""
    share: float
    """Of the whole volume."""
    after: float = 0.0
    """Share of the window after which it begins."""


@dataclass(frozen=True, slots=True)
class Work:
    """The work queues and what is done with their items."""

    mix: tuple[tuple[Capability, float], ...] = HARVEST
    """Shares of the harvest by capability."""
    queue: Literal["once", "anew"] = "once"
    """`once`: one queue a capability over all accounts, and no item is asked more often than
    `repeats`; `anew`: each item is drawn freely from `items`, so that items come again."""
    items: int = 20_000
    """How many items there are where they are drawn anew."""
    repeats: int = 1
    """How often each item of a queue is asked, on whichever accounts come next."""
    choices: int | None = None
    """How many answers one request asks for."""
    sweep: int = 0
    """Requests, each in another wording, that look for the best elicitation before the volume."""
    sweep_days: float = 2.0
    """How long the sweep takes; the harvest begins after it."""
    grading: float = 0.0
    """Share of the volume that grades answers of the operator's own model, after a quarter of the
    window."""
    cleaning: float = 0.0
    """Share of the volume that cleans harvested traces, in the last two fifths of the window."""
    replays: float = 0.0
    """Chance that a conversation begins with the history, signatures included, of an earlier one of
    the campaign."""

    def stages(self) -> list[Stage]:
        """Return what is worked on; the harvest itself goes on from the first moment."""
        main = max(0.0, 1 - self.grading - self.cleaning)
        total = sum(share for _, share in self.mix)
        stages = [Stage(name, main * share / total) for name, share in self.mix if share > 0]
        if self.grading:
            stages.append(Stage("grading", self.grading, 0.25))
        if self.cleaning:
            stages.append(Stage("cleaning", self.cleaning, 0.6))
        return stages
