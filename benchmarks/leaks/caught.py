"""What a score catches while it names 1 % of the innocents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FALSE_POSITIVES: Final = 0.01


@dataclass(frozen=True, slots=True)
class Caught:
    """How many campaign accounts a model catches while it names 1 % of the innocents."""

    caught: int
    campaign: int
    innocent: int

    def __add__(self, other: Caught) -> Caught:
        """Pool two tests."""
        return Caught(
            self.caught + other.caught,
            self.campaign + other.campaign,
            self.innocent + other.innocent,
        )


def caught(score: npt.NDArray[np.float64], campaign: npt.NDArray[np.bool_]) -> Caught:
    """Count campaign accounts that score above all but 1 % of the innocents.

    The threshold is read off the innocents of the test itself. Of those tied with it, as many are
    named as the rate still allows, drawn alike from both; the expected count is rounded.
    """
    innocent, mine = score[~campaign], score[campaign]
    allowed = FALSE_POSITIVES * len(innocent)
    threshold = np.sort(innocent)[::-1][int(allowed)]
    share = (allowed - (innocent > threshold).sum()) / (innocent == threshold).sum()
    found = (mine > threshold).sum() + share * (mine == threshold).sum()
    return Caught(round(float(found)), len(mine), len(innocent))
