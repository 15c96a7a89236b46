"""What is asked for: the queues of a harvest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from stillwatch.model.vocabulary import Capability

Mix = tuple[tuple[str, float], ...]
HARVEST: Final[Mix] = (
    ("reasoning_mathematics", 0.32),
    ("software_engineering", 0.32),
    ("agentic_tool_use", 0.28),
    ("grading", 0.08),
)


@dataclass(frozen=True, slots=True)
class Habit:
    """How work of one capability is asked: further turns, tools, the answers' length."""

    turns: float = 0.0
    loop: bool = False
    answer_tokens: float = 420.0


HABITS: Final[dict[str, Habit]] = {
    "reasoning_mathematics": Habit(),
    "software_engineering": Habit(turns=0.5),
    "agentic_tool_use": Habit(turns=4.0, loop=True, answer_tokens=180.0),
    "long_horizon_planning": Habit(turns=6.0, loop=True, answer_tokens=320.0),
    "data_analysis": Habit(turns=0.5, answer_tokens=300.0),
    "writing": Habit(answer_tokens=500.0),
    "grading": Habit(answer_tokens=140.0),
    "cleaning": Habit(answer_tokens=260.0),
}
"""By capability, and for the stage that cleans traces."""


@dataclass(frozen=True, slots=True)
class Work:
    """The work queues and what is done with their items."""

    mix: tuple[tuple[Capability, float], ...] = HARVEST  # type: ignore[assignment]
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

    def stages(self) -> list[tuple[str, float, float]]:
        """Return (capability, share of the whole volume, share of the window after which it begins).

        The main harvest of a capability goes on from the first moment.
        """
        main = max(0.0, 1 - self.grading - self.cleaning)
        total = sum(share for _, share in self.mix)
        stages = [(name, main * share / total, 0.0) for name, share in self.mix if share > 0]
        if self.grading:
            stages.append(("grading", self.grading, 0.25))
        if self.cleaning:
            stages.append(("cleaning", self.cleaning, 0.6))
        return stages
