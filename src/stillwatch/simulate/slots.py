"""What is remembered of conversations that are under way; a conversation that ends gives it back."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.jit import entry
from stillwatch.simulate.records import Rows

SLOT: Final = np.dtype(
    [
        ("held_at", "i8"),
        ("shift", "i8"),
        ("seed", "u8"),
        ("root", "u8"),
        ("root_seed", "u8"),
        ("root_setting", "i4"),
        ("root_speaker", "i4"),
        ("root_account", "i4"),
        ("account", "i4"),
        ("place", "i4"),
        ("left", "i4"),
        ("root_turns", "i2"),
        ("dropped", "i2"),
        ("answers", "i2"),
        ("root_signed", "?"),
        ("unrooted", "?"),
        ("lost", "?"),
    ],
    align=True,
)
"""`place` and `held_at`: the pool's account that it used last, and when; `shift`: how much later it
runs than planned; `left`: rows still to come; `lost`: it was given up; `seed` and `account`: those
of its first words."""


class Slots:
    """One row for each conversation of several rows that is under way."""

    def __init__(self) -> None:
        self.table: Rows = np.zeros(0, SLOT)
        self._free = np.zeros(0, np.int32)
        self._resting: list[npt.NDArray[np.int32]] = []
        self._ended: list[npt.NDArray[np.int32]] = []

    def take(self, rows_of: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """Return a slot for each conversation, given how many rows each will have."""
        count = len(rows_of)
        if count > len(self._free):
            more = max(count - len(self._free), len(self.table), 1024)
            new = np.arange(len(self.table), len(self.table) + more, dtype=np.int32)
            self.table = np.concatenate([self.table, np.zeros(more, SLOT)])
            self._free = np.concatenate([self._free, new])
        taken, self._free = self._free[:count], self._free[count:]
        self.table[taken] = np.zeros(1, SLOT)
        self.table["place"][taken] = -1
        self.table["left"][taken] = rows_of
        return taken

    def done(self, rows: Rows) -> None:
        """Count rows as over and done with, whether they were sent or given up."""
        slots = rows["slot"][rows["slot"] >= 0]
        ended = np.empty(len(slots), np.int32)
        count = _count_down(slots, self.table, ended)
        if count:
            self._ended.append(ended[:count])

    def settle(self) -> None:
        """Let slots whose conversation ended before the last call but one be used again.

        A conversation's last row may still wait for its time when it is counted as done, so its
        slot rests for a whole planning unit.
        """
        if self._resting:
            self._free = np.concatenate([self._free, *self._resting])
        self._resting, self._ended = self._ended, []


@entry
def _count_down(slots: Any, table: Any, ended: Any) -> int:
    """Count down what is left of each conversation and note those that have ended."""
    found = 0
    for k in range(len(slots)):
        slot = slots[k]
        table[slot].left -= 1
        if table[slot].left == 0:
            ended[found] = slot
            found += 1
    return found
