"""Campaigns that begin a conversation with the history of an earlier one from another account."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.simulate.jit import entry
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
    [("conversation", "u8"), ("setting", "i4"), ("account", "i4"), ("answers", "i2")], align=True
)


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
        setting = rows[k].setting
        campaign = campaign_of[setting]
        if campaign < 0:
            continue
        slot = rows[k].slot
        conversation = np.uint64(rows[k].conversation)
        size = min(filled[campaign], stock.shape[1])
        name = hashed(conversation, 8)
        if rows[k].turn == 0 and rows[k].dropped == 0 and size and share(name) < chance[setting]:
            known = slot >= 0 and slots[slot].root_turns > 0
            if known:
                rows[k].root = slots[slot].root
                rows[k].root_setting = slots[slot].root_setting
                rows[k].root_turns = slots[slot].root_turns
                rows[k].root_signed = slots[slot].root_signed
            else:
                first = number_below(hashed(name, 1), size)
                for step in range(size):
                    entry_ = stock[campaign, (first + step) % size]
                    if entry_.account == rows[k].account or entry_.conversation == conversation:
                        continue
                    rows[k].root = entry_.conversation
                    rows[k].root_setting = entry_.setting
                    rows[k].root_turns = min(entry_.answers, _MOST)
                    rows[k].root_signed = reasons[entry_.setting]
                    if slot >= 0:
                        slots[slot].root = rows[k].root
                        slots[slot].root_setting = rows[k].root_setting
                        slots[slot].root_turns = rows[k].root_turns
                        slots[slot].root_signed = rows[k].root_signed
                    break
        elif slot >= 0 and slots[slot].root_turns > 0 and rows[k].dropped == 0:
            rows[k].root = slots[slot].root
            rows[k].root_setting = slots[slot].root_setting
            rows[k].root_turns = slots[slot].root_turns
            rows[k].root_signed = slots[slot].root_signed
        if rows[k].status == 200 and slot >= 0:
            slots[slot].answers = rows[k].turn + 1
            if slots[slot].answers == _LEAST:
                place = filled[campaign] % stock.shape[1]
                filled[campaign] += 1
                stock[campaign, place].conversation = conversation
                stock[campaign, place].setting = setting
                stock[campaign, place].account = rows[k].account
                stock[campaign, place].answers = _LEAST
            elif slots[slot].answers > _LEAST:
                for place in range(size):
                    if stock[campaign, place].conversation == conversation:
                        stock[campaign, place].answers = rows[k].turn + 1
                        stock[campaign, place].account = rows[k].account
                        break
