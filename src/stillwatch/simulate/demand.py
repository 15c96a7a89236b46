"""Who asks when: sittings, the conversations in them, and the turns of each conversation."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.records import DAY, SECOND, TURN, Rhythm, Rows
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.streams import below, generator, mix, unit

FIRST_WEEKDAY: Final = 0
"""The world starts on a Monday."""

_HOURS: Final[dict[Rhythm, str]] = {
    "day": "4 2 1 1 1 1 3 6 10 12 13 13 12 12 13 13 12 11 11 12 13 13 11 7",
    "office": "2 1 1 1 1 2 8 30 80 99 99 99 60 85 99 99 90 60 30 15 12 10 8 4",
    "evening": "8 5 2 1 1 1 2 4 5 5 6 6 7 7 7 7 8 10 13 17 20 21 19 14",
    "always": "1 " * 24,
    "school": "20 8 3 1 1 1 6 20 30 40 45 40 30 40 45 50 55 55 60 80 99 99 70 40",
}
"""Relative activity in each local hour."""
_WEEK: Final[dict[Rhythm, str]] = {
    "day": "1.05 1.05 1.05 1 1 .85 .9",
    "office": "1.2 1.3 1.3 1.2 1 .15 .12",
    "evening": ".9 .9 .9 .9 1 1.25 1.3",
    "always": "1 1 1 1 1 1 1",
    "school": ".7 .7 .8 1 .6 .8 2.4",
}
"""Relative activity on each weekday, Monday first."""
RHYTHMS: Final[tuple[Rhythm, ...]] = tuple(_HOURS)
_MOST_TURNS: Final = 40


class Demand:
    """Plans every conversation that starts on a given day, direct or through a pool."""

    def __init__(self, stage: Stage) -> None:
        self._seed = stage.seed
        speakers, settings = stage.speakers, stage.settings
        self._rate = np.array([s.sittings for s in speakers])
        self._per_sitting = np.array([s.per_sitting for s in speakers])
        self._gap = np.array([s.gap for s in speakers])
        self._clock = np.array([s.clock for s in speakers])
        self._rhythm = np.array([RHYTHMS.index(s.rhythm) for s in speakers])
        self._joins = np.array([s.joins for s in speakers], np.int64)
        self._leaves = np.array([s.leaves for s in speakers], np.int64)
        self._shared_roots = stage.shared_roots
        self._root = np.array([s.shared_root or 0 for s in speakers], np.uint64)
        self._account = np.array([-1 if s.account is None else s.account for s in speakers])
        self._settings = _Ragged([s.settings for s in speakers])
        self._addresses = _Ragged([s.addresses for s in speakers])
        self._turns = np.array([s.turns for s in settings])
        self._pace = np.array([s.pace for s in settings])
        self._pause = np.array([s.pause for s in settings])
        self._deck = np.array([-1 if s.deck is None else s.deck for s in settings])
        self._client = np.array([stage.add_client(s.client) for s in settings])
        self._decks = stage.decks
        self._drawn = [0] * len(stage.decks)
        self._walked = np.zeros(len(speakers), np.int64)
        hours = np.array([[float(x) for x in _HOURS[r].split()] for r in RHYTHMS])
        self._hours = np.cumsum(hours / hours.sum(axis=1, keepdims=True), axis=1)
        self._week = np.array([[float(x) for x in _WEEK[r].split()] for r in RHYTHMS])

    def day(self, day: int) -> Rows:
        """Return one row a turn for all conversations that start on this day, in no order."""
        rng = generator("demand", self._seed, day)
        weekday = (FIRST_WEEKDAY + day) % 7
        rate = self._rate * self._week[self._rhythm, weekday]
        sittings = np.repeat(np.arange(len(rate)), rng.poisson(rate))
        hours = self._hours[self._rhythm[sittings]]
        hour = (hours < rng.random(len(sittings))[:, None]).sum(axis=1) + rng.random(len(sittings))
        start = day * DAY + ((hour - self._clock[sittings]) % 24 * 3600 * SECOND).astype(np.int64)

        count = 1 + rng.poisson(np.maximum(self._per_sitting[sittings] - 1, 0))
        speaker = np.repeat(sittings, count)
        spacing = self._gap[speaker] * np.exp(rng.normal(0, 0.9, len(speaker)))
        within = _running(spacing, count) - np.repeat(spacing[_starts(count)], count)
        begin = np.repeat(start, count) + (within * SECOND).astype(np.int64)
        begin += rng.integers(0, SECOND, len(begin))
        kept = (begin >= self._joins[speaker]) & (begin < self._leaves[speaker])
        speaker, begin = speaker[kept], begin[kept]
        order = np.lexsort((speaker, begin))
        speaker, begin = speaker[order], begin[order]

        number = np.arange(len(speaker), dtype=np.uint64) + np.uint64(day << 36)
        conversation = mix(number, self._seed * 2 + 1)
        if day == 0 and self._shared_roots:
            keys = np.array([key for key, _ in self._shared_roots], np.uint64)
            begun_by = np.array([who for _, who in self._shared_roots])
            conversation = np.concatenate([conversation, keys])
            speaker = np.concatenate([speaker, begun_by])
            begin = np.concatenate([begin, rng.integers(0, DAY // 2, len(keys))])
        setting = self._settings.pick(speaker, mix(conversation, 1))
        address = self._addresses.pick(speaker, mix(conversation, 2))
        seed = self._openings(speaker, setting, conversation)
        median = self._turns[setting]
        more = np.floor(np.exp(rng.normal(0, 0.8, len(speaker))) * median + 0.25)
        turns = 1 + np.minimum(np.where(median > 0, more, 0), _MOST_TURNS - 1).astype(np.int64)
        # A conversation that others carry on has at least as many answers as they can copy.
        turns = np.where(np.isin(conversation, [k for k, _ in self._shared_roots]), 4, turns)

        rows = np.zeros(int(turns.sum()), TURN)
        owner = np.repeat(np.arange(len(speaker)), turns)
        rows["turn"] = np.arange(len(rows)) - np.repeat(np.cumsum(turns) - turns, turns)
        for name, values in (
            ("conversation", conversation),
            ("speaker", speaker),
            ("setting", setting),
            ("address", address),
            ("account", self._account[speaker]),
            ("client", self._client[setting]),
            ("root", self._root[speaker]),
        ):
            rows[name] = values[owner]
        # Only some conversations of those who have one continue what was begun elsewhere.
        rows["root"][(unit(mix(rows["conversation"], 5)) > 0.35) | (day == 0)] = 0
        rows["root_turns"] = np.where(
            rows["root"] > 0, 1 + below(mix(rows["conversation"], 6), 3), 0
        )
        first = rows["turn"] == 0
        rows["seed"] = np.where(
            first, seed[owner], mix(rows["conversation"] + rows["turn"].astype(np.uint64), 7)
        )
        gap = self._pace[rows["setting"]] * np.exp(rng.normal(0, 0.8, len(rows)))
        away = rng.random(len(rows)) < self._pause[rows["setting"]]
        gap = np.where(away, gap + rng.uniform(3600, 9 * 3600, len(rows)), gap) + 2.0
        gap[first] = 0
        rows["at"] = begin[owner] + (_running(gap, turns) * SECOND).astype(np.int64)
        return rows

    def _openings(
        self,
        speaker: npt.NDArray[np.int64],
        setting: npt.NDArray[np.int64],
        conversation: npt.NDArray[np.uint64],
    ) -> npt.NDArray[np.uint64]:
        seeds = mix(conversation, 3)
        deck_of = self._deck[setting]
        for number, deck in enumerate(self._decks):
            rows = np.flatnonzero(deck_of == number)
            if not len(rows):
                continue
            if deck.order == "queue":
                place = self._drawn[number] + np.arange(len(rows))
                self._drawn[number] += len(rows)
                item = _queue_item(place, deck.repeats)
            elif deck.order == "walk":
                who = speaker[rows]
                by_speaker = np.argsort(who, kind="stable")
                _, counts = np.unique(who, return_counts=True)
                rank = np.empty(len(rows), np.int64)
                rank[by_speaker] = np.arange(len(rows)) - np.repeat(
                    np.cumsum(counts) - counts, counts
                )
                offset = below(mix(who.astype(np.uint64), deck.key), deck.size)
                item = (offset + self._walked[who] + rank) % deck.size
                np.add.at(self._walked, who, 1)
            else:
                item = below(mix(conversation[rows], 4), deck.size)
            seeds[rows] = mix(item.astype(np.uint64), deck.key)
        return seeds


class _Ragged:
    """Lists of different length, one a speaker, from which one entry is picked."""

    def __init__(self, lists: list[tuple[int, ...]]) -> None:
        self._count = np.array([len(entry) for entry in lists])
        self._start = np.cumsum(self._count) - self._count
        self._values = np.array([value for entry in lists for value in entry], np.int64)

    def pick(
        self, owner: npt.NDArray[np.int64], seeds: npt.NDArray[np.uint64]
    ) -> npt.NDArray[np.int64]:
        share = np.minimum(
            (unit(seeds) * self._count[owner]).astype(np.int64), self._count[owner] - 1
        )
        picked: npt.NDArray[np.int64] = self._values[self._start[owner] + share]
        return picked


def _queue_item(place: npt.NDArray[np.int64], repeats: int) -> npt.NDArray[np.int64]:
    """Return the item at each place of a queue whose blocks of 64 come `repeats` times each."""
    block, inside = np.divmod(place, 64 * repeats)
    item: npt.NDArray[np.int64] = block * 64 + inside % 64
    return item


def _starts(count: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    starts: npt.NDArray[np.int64] = np.cumsum(count) - count
    return starts


def _running(
    values: npt.NDArray[np.float64], count: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the running sum of values inside consecutive runs of the given lengths."""
    total = np.cumsum(values)
    start = _starts(count)
    before = np.where(start > 0, total[np.maximum(start, 1) - 1], 0.0)
    running: npt.NDArray[np.float64] = total - np.repeat(before, count)
    return running
