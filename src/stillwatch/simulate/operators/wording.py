"""How the items of a queue are worded: templates around them, and how far these vary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from stillwatch.simulate.operators.work import HABITS
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.grammar import Phrase
from stillwatch.simulate.text.wrappers import (
    AGENTIC_WRAPPERS,
    FIXED_WRAPPER,
    GRADING_WRAPPERS,
    MATHEMATICS_WRAPPERS,
    PROGRAMMING_WRAPPERS,
)

Paraphrase = Literal["none", "light", "medium", "strong"]
LEVELS: Final[tuple[Paraphrase, ...]] = ("none", "light", "medium", "strong")

_WRAPPERS: Final = {
    "reasoning_mathematics": MATHEMATICS_WRAPPERS,
    "software_engineering": PROGRAMMING_WRAPPERS,
    "agentic_tool_use": AGENTIC_WRAPPERS,
    "long_horizon_planning": AGENTIC_WRAPPERS,
    "grading": GRADING_WRAPPERS,
    "cleaning": GRADING_WRAPPERS,
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The templates of a campaign."""

    templates: int | Literal["per account"] = 8
    """How many there are, over all capabilities; or one for each account."""
    paraphrase: Paraphrase = "medium"
    """How far two requests made from one template differ in what is not the item."""


@dataclass(frozen=True, slots=True)
class Line:
    """One template: what it exercises, its share of that work, and its texts."""

    capability: str
    share: float
    """Of the whole harvest."""
    begins: int
    """When its stage of the campaign begins, in microseconds."""
    opening: Phrase
    follow_up: Phrase


def lines(
    stage: Stage,
    name: str,
    wording: Wording,
    shares: list[tuple[str, float, float]],
    accounts: int,
) -> list[Line]:
    """Return the templates of a campaign with their shares of its volume.

    `shares` gives each stage's capability, share of the volume, and share of the window after which
    it begins; templates are dealt out to them in proportion, and where there are fewer templates
    than stages, the largest get one.
    """
    count = accounts if wording.templates == "per account" else wording.templates
    dealt = dealt_out([share for _, share, _ in shares], count)
    covered = sum(share for (_, share, _), n in zip(shares, dealt, strict=True) if n)
    found = []
    for (capability, share, after), n in zip(shares, dealt, strict=True):
        wrappers = _WRAPPERS.get(capability, PROGRAMMING_WRAPPERS)
        if count == 1:
            wrappers = [FIXED_WRAPPER]
        for k in range(n):
            text = wrappers[k % len(wrappers)]
            follow = stage.texts.tool_result() if HABITS[capability].loop else text
            found.append(
                Line(capability, share / covered / n, int(after * stage.end), text, follow)
            )
    return found


def dealt_out(shares: list[float], count: int) -> list[int]:
    """Return whole numbers that add up to `count`, as near to the shares as can be.

    Each share gets at least one as long as there are enough.
    """
    total = sum(shares)
    dealt = [0] * len(shares)
    order = sorted(range(len(shares)), key=lambda k: -shares[k])
    for k in order[:count]:
        dealt[k] = 1
    for _ in range(count - sum(dealt)):
        most = max(order, key=lambda k: shares[k] / total * count - dealt[k])
        dealt[most] += 1
    return dealt
