"""What an operator believes gave it away, and how much it may change."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Suspect = Literal[
    "wording",
    "scheduler",
    "payment",
    "client",
    "mail",
    "signup",
    "network",
    "rhythm",
    "rate",
    "mixing",
    "referrer",
    "phone",
]
"""A trait or habit that may have given an operator away."""
SUSPECTS: Final[tuple[Suspect, ...]] = get_args(Suspect)

_PRIOR: Final[dict[str, float]] = {
    "wording": 0.2,
    "scheduler": 0.17,
    "payment": 0.15,
    "client": 0.1,
    "mail": 0.08,
    "signup": 0.07,
    "network": 0.06,
    "rhythm": 0.05,
    "rate": 0.04,
    "mixing": 0.04,
    "referrer": 0.02,
    "phone": 0.02,
}
"""What public reports name, most often first (guessed from their lists of signals)."""
_AFTER_CHANGE: Final = math.log(0.2)
_SMOOTHING: Final = 0.5


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What an operator can afford after a wave of enforcement."""

    reacts: bool = True
    """Whether it changes anything and replaces accounts, or goes on with what it has left."""
    budget: float = 0.5
    """Accounts that it may still buy, as a share of those it began with."""
    delay_hours: tuple[float, float] = (12.0, 96.0)
    """How long a bought account takes until its first request, at least and at most."""
    cost: float = 8.0
    """Dollars for each account; what was spent is in the world's manifest."""
    changes: int = 1
    """How many of its traits and habits it changes after each wave."""


@dataclass(slots=True)
class Beliefs:
    """How strongly an operator suspects each of its traits, as a log-odds."""

    log_odds: dict[str, float] = field(
        default_factory=lambda: {name: math.log(p / (1 - p)) for name, p in _PRIOR.items()}
    )

    def observe(
        self, hit: Sequence[Mapping[str, object]], spared: Sequence[Mapping[str, object]]
    ) -> dict[str, float]:
        """Weigh traits by how much commoner their values are among hit accounts than spared ones.

        Each account is given by the value that it carries of each trait; what it lacks is absent.
        Returns the log likelihood ratio of each trait's most telling value, and adds it. A value on
        a single hit account tells nothing.
        """
        telling: dict[str, float] = {}
        for suspect in SUSPECTS:
            of_hit = Counter(traits[suspect] for traits in hit if suspect in traits)
            of_spared = Counter(traits[suspect] for traits in spared if suspect in traits)
            ratios = [
                math.log((n + _SMOOTHING) / (len(hit) + 1))
                - math.log((of_spared[value] + _SMOOTHING) / (len(spared) + 1))
                for value, n in of_hit.items()
                if n >= 2
            ]
            telling[suspect] = max([0.0, *ratios]) if spared else 0.0
            self.log_odds[suspect] += telling[suspect]
        return telling

    def ranked(self, changeable: Sequence[Suspect]) -> list[Suspect]:
        """Return what can be changed, most suspicious first."""
        order: dict[str, int] = {name: k for k, name in enumerate(SUSPECTS)}
        return sorted(changeable, key=lambda name: (-self.log_odds[name], order[name]))

    def changed(self, suspect: str) -> None:
        """Suspect less what has just been changed."""
        self.log_odds[suspect] = math.log(_PRIOR[suspect]) + _AFTER_CHANGE
