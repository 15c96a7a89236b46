"""Campaigns that begin a conversation with the history of an earlier one from another account."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.simulate.jit import entry, part
from stillwatch.simulate.keyed import hashed, number_below, share
from stillwatch.simulate.records import Rows
from stillwatch.simulate.slots import Slots
from stillwatch.simulate.stage import Stage

_STOCK: Final = 64
"""Earlier conversations that each campaign remembers; a new one takes the oldest one's place."""
_LEAST: Final = 2
_MOST: Final = 8
"""Answers of an earlier conversation that are sent again."""
_ENTRY: Final = np.dtype(
    [
        ("conversation", "u8"),
        ("seed", "u8"),
        ("setting", "i4"),
        ("speaker", "i4"),
        ("first_account", "i4"),
        ("account", "i4"),
        ("answers", "i2"),
    ],
    align=True,
)
"""`first_account` sent its first words, `account` its last."""


class Replays:
    """Remembers some conversations of each campaign, and gives their histories to later ones."""

    def __init__(self, stage: Stage, slots: Slots) -> None:
        """Take the cast and the conversations that are under way."""
        self._stage, self._slots = stage, slots
        self._stock = np.zeros((0, _STOCK), _ENTRY)
        self._filled = np.zeros(0, np.int64)
        self.refresh()

    def refresh(self) -> None:
        """Take over settings and campaigns that are new on the stage."""
        settings = self._stage.settings
        self._chance = np.array([s.replays for s in settings])
        self._reasons = np.array([s.reasons for s in settings])
        replaying = {s.campaign for s in settings if s.replays > 0}
        self._campaign = np.array(
            [s.campaign if s.campaign in replaying and s.campaign is not None else -1
             for s in settings],
            np.int64,
        )  # fmt: skip
        self._any = bool((self._campaign >= 0).any())
        missing = len(self._stage.campaigns) - len(self._stock)
        self._stock = np.concatenate([self._stock, np.zeros((missing, _STOCK), _ENTRY)])
        self._filled = np.concatenate([self._filled, np.zeros(missing, np.int64)])

    def write_into(self, rows: Rows) -> None:
        """Give roots to the campaigns' conversations among `rows`, which are in time order."""
        if self._any:
            _replay(
                rows,
                self._slots.table,
                self._campaign,
                self._chance,
                self._reasons,
                self._stock,
                self._filled,
            )


@part
def _give_root(row: Any, slot: Any) -> None:
    """Have a request begin with the history that its conversation was given."""
    row.root = slot.root
    row.root_seed = slot.root_seed
    row.root_setting = slot.root_setting
    row.root_speaker = slot.root_speaker
    row.root_account = slot.root_account
    row.root_turns = slot.root_turns
    row.root_signed = slot.root_signed


@part
def _keep_root(slot: Any, row: Any) -> None:
    slot.root = row.root
    slot.root_seed = row.root_seed
    slot.root_setting = row.root_setting
    slot.root_speaker = row.root_speaker
    slot.root_account = row.root_account
    slot.root_turns = row.root_turns
    slot.root_signed = row.root_signed


@part
def _pick_root(row: Any, known: Any, size: Any, name: Any, reasons: Any) -> None:
    """Give a conversation the history of one that another account had, if there is one."""
    first = number_below(hashed(name, 1), size)
    for step in range(size):
        earlier = known[(first + step) % size]
        if earlier.account != row.account and earlier.conversation != row.conversation:
            row.root = earlier.conversation
            row.root_seed = earlier.seed
            row.root_setting = earlier.setting
            row.root_speaker = earlier.speaker
            row.root_account = earlier.first_account
            row.root_turns = min(earlier.answers, _MOST)
            row.root_signed = reasons[earlier.setting]
            return


@part
def _remember(known: Any, filled: Any, row: Any, slot: Any) -> Any:
    """Note an answered request among the earlier conversations; return how many there were."""
    slot.answers = row.turn + 1
    if slot.answers == _LEAST:
        earlier = known[filled % len(known)]
        earlier.conversation = row.conversation
        earlier.seed = slot.seed
        earlier.setting = row.setting
        earlier.speaker = row.speaker
        earlier.first_account = slot.account
        earlier.account = row.account
        earlier.answers = _LEAST
        return filled + 1
    if slot.answers > _LEAST:
        for place in range(min(filled, len(known))):
            if known[place].conversation == row.conversation:
                known[place].answers = slot.answers
                known[place].account = row.account
                break
    return filled


@entry
def _replay(
    rows: Any,
    slots: Any,
    campaign_of: Any,
    chance: Any,
    reasons: Any,
    stock: Any,
    filled: Any,
) -> None:
    for k in range(len(rows)):
        row = rows[k]
        campaign = campaign_of[row.setting]
        if campaign < 0:
            continue
        slot = row.slot
        several = slot >= 0
        begins = row.turn == 0
        if several and begins:
            slots[slot].seed, slots[slot].account = row.seed, row.account
        if row.dropped == 0:
            name = hashed(row.conversation, 8)
            size = min(filled[campaign], stock.shape[1])
            if several and slots[slot].root_turns > 0:
                _give_root(row, slots[slot])
            elif begins and row.attempt == 0 and size and share(name) < chance[row.setting]:
                _pick_root(row, stock[campaign], size, name, reasons)
                if several:
                    _keep_root(slots[slot], row)
        if row.status == 200 and several:
            filled[campaign] = _remember(stock[campaign], filled[campaign], row, slots[slot])
