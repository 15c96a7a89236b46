"""The compiled part of demand: which opening a conversation draws, and the rows of its turns."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.simulate.jit import entry
from stillwatch.simulate.keyed import hashed, number_below, share
from stillwatch.simulate.records import SECOND

ORDERS: Final = ("queue", "walk", "choice")
"""How decks are drawn from; the kernel knows them by their place here."""
_QUEUE: Final = 0
_WALK: Final = 1
_SECOND: Final = SECOND
_CARRIED_ON: Final = 0.35
"""Share of conversations that continue one from elsewhere, of those who can."""


@entry
def write_turns(
    order: Any,
    speaker: Any,
    conversation: Any,
    setting: Any,
    address: Any,
    seed: Any,
    begin: Any,
    turns: Any,
    starts: Any,
    gaps: Any,
    account_of: Any,
    client_of: Any,
    root_of: Any,
    root_seed_of: Any,
    root_setting_of: Any,
    root_speaker_of: Any,
    day: int,
    rows: Any,
) -> None:
    """Write the turns of conversations, one conversation after another."""
    written = 0
    for c in order:
        who = speaker[c]
        name = conversation[c]
        # Only some conversations of those who have one continue what was begun elsewhere.
        rooted = root_of[who] > 0 and day > 0 and share(hashed(name, 5)) <= _CARRIED_ON
        passed = 0.0
        for turn in range(turns[c]):
            row = rows[written]
            row.turn = turn
            row.conversation = name
            row.speaker = who
            row.setting = row.worn = setting[c]
            row.address = address[c]
            row.account = account_of[who]
            row.client = client_of[setting[c]]
            row.seed = seed[c] if turn == 0 else hashed(name + np.uint64(turn), 7)
            if turn > 0:
                passed += gaps[starts[c] + turn]
            row.at = begin[c] + np.int64(passed * _SECOND)
            if rooted:
                row.root = root_of[who]
                row.root_seed = root_seed_of[who]
                row.root_setting = root_setting_of[who]
                row.root_speaker = root_speaker_of[who]
                row.root_account = account_of[root_speaker_of[who]]
                row.root_turns = 1 + number_below(hashed(name, 6), 3)
            written += 1


@entry
def draw_openings(
    deck_of: Any,
    speaker: Any,
    conversation: Any,
    seeds: Any,
    orders: Any,
    keys: Any,
    sizes: Any,
    repeats: Any,
    drawn: Any,
    walked: Any,
) -> None:
    """Draw each opening from its deck, in the order of the conversations."""
    for k in range(len(deck_of)):
        deck = deck_of[k]
        if deck < 0:
            continue
        if orders[deck] == _QUEUE:
            # Blocks of 64 items come `repeats` times each.
            block, inside = divmod(drawn[deck], 64 * repeats[deck])
            item = block * 64 + inside % 64
            drawn[deck] += 1
        elif orders[deck] == _WALK:
            who = speaker[k]
            begin = number_below(hashed(who, keys[deck]), sizes[deck])
            item = (begin + walked[who]) % sizes[deck]
            walked[who] += 1
        else:
            item = number_below(hashed(conversation[k], 4), sizes[deck])
        seeds[k] = hashed(item, keys[deck])
