"""How an operator grows: when its accounts begin to work, and its volume with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Growth:
    """The number of working accounts over the window; volume follows it, the total stays."""

    shape: Literal["flat", "growing", "ramping"] = "flat"
    """All at once, a straight line, or an exponential curve."""
    start: float = 0.1
    """Share of the accounts that work from the first moment, unless flat."""
    until: float = 1.0
    """Share of the window after which all work."""
    fresh: float = 0.0
    """Share of accounts opened within two days before they begin to work; the others have the ages
    of the innocents' accounts."""

    def begins(self, count: int, window: int) -> npt.NDArray[np.int64]:
        """Return when each of `count` accounts begins to work, in microseconds, in rising order."""
        place = (np.arange(count) + 0.5) / max(1, count)
        if self.shape == "flat" or self.start >= 1:
            return np.zeros(count, np.int64)
        if self.shape == "growing":
            share = (place - self.start) / (1 - self.start)
        else:
            share = 1 - np.log(place) / np.log(max(self.start, 1e-6))
        begin: npt.NDArray[np.int64] = (np.clip(share, 0, 1) * self.until * window).astype(np.int64)
        return begin
