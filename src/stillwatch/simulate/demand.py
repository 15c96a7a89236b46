"""Who asks when: sittings, the conversations in them, and the turns of each conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, get_args

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.conversations import ORDERS, draw_openings, write_turns
from stillwatch.simulate.records import DAY, SECOND, TURN, Rhythm, Rows, Speaker
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.streams import Seeds, generator, mix, unit

_SPELL: Final = 4 * 3600 * SECOND
_STAYS: Final = 0.75
"""Chance that a conversation is about the one thing that its speaker does in those hours."""
RHYTHMS: Final[tuple[Rhythm, ...]] = get_args(Rhythm)


class Demand:
    """Plans every conversation that starts on a given day, direct or through a pool."""

    def __init__(self, stage: Stage, first_weekday: int) -> None:
        """Take the cast; `first_weekday` is the first day's, 0 for a Monday."""
        self._stage, self._first_weekday = stage, first_weekday
        self._generations = [0]
        self._root_seeds: dict[int, int] = {}
        self._drawn = np.zeros(0, np.int64)
        self._walked = np.zeros(0, np.int64)
        self.refresh()

    def refresh(self) -> None:
        """Take over whatever was put on the stage, or changed there, since the last call."""
        stage = self._stage
        if self._walked.size and len(stage.speakers) > len(self._walked):
            self._generations.append(len(self._walked))
        self._seed = stage.seed
        speakers, settings = stage.speakers, stage.settings
        self._rate = np.array([s.sittings for s in speakers])
        self._per_sitting = np.array([s.per_sitting for s in speakers])
        self._gap = np.array([s.gap for s in speakers])
        self._rhythm = np.array([RHYTHMS.index(s.rhythm) for s in speakers])
        self._joins = np.array([s.joins for s in speakers], np.int64)
        self._leaves = np.array([s.leaves for s in speakers], np.int64)
        self._shared_roots = stage.shared_roots
        self._root = np.array([s.shared_root or 0 for s in speakers], np.uint64)
        self._voice = voices(speakers)
        keys = np.array([key for key, _ in stage.shared_roots], np.uint64)
        begun_by = np.array([who for _, who in stage.shared_roots], np.int64)
        settings_of = _Ragged([s.settings for s in speakers])
        of_key = dict(
            zip(keys.tolist(), settings_of.pick(begun_by, mix(keys, 1)).tolist(), strict=True)
        )
        self._root_setting = np.array([of_key.get(s.shared_root, 0) for s in speakers])
        begun = dict(stage.shared_roots)
        seeds = [self._root_seeds.get(s.shared_root or 0, 0) for s in speakers]
        self._root_seed = np.array(seeds, np.uint64)
        self._root_speaker = np.array([begun.get(s.shared_root or 0, 0) for s in speakers])
        self._account = np.array([-1 if s.account is None else s.account for s in speakers])
        self._settings = settings_of
        self._addresses = _Ragged([s.addresses for s in speakers])
        self._turns = np.array([s.turns for s in settings])
        self._pace = np.array([s.pace for s in settings])
        self._pause = np.array([s.pause for s in settings])
        self._deck = np.array([-1 if s.deck is None else s.deck for s in settings], np.int64)
        self._client = np.array([stage.add_client(s.client) for s in settings])
        self._loop = np.array([s.agent_loop for s in settings])
        self._arrivals = stage.arrivals
        self._places = _Places(stage)
        self._decks = np.array([ORDERS.index(d.order) for d in stage.decks], np.int64)
        self._deck_keys = np.array([d.key for d in stage.decks], np.uint64)
        self._deck_sizes = np.array([max(1, d.size) for d in stage.decks], np.int64)
        self._deck_repeats = np.array([d.repeats for d in stage.decks], np.int64)
        self._drawn = _grown(self._drawn, len(stage.decks))
        self._walked = _grown(self._walked, len(speakers))
        week = np.stack([stage.arrivals.week(rhythm) for rhythm in RHYTHMS])
        self._hours = np.cumsum(week / week.sum(axis=2, keepdims=True), axis=2)
        self._week = week.mean(axis=2)

    def expected(self, days: int) -> float:
        """Return about how many requests so many days have, retries left out."""
        kinds, which = np.unique(
            np.stack([self._turns, self._loop], axis=1), axis=0, return_inverse=True
        )
        means = np.array([self._arrivals.mean_further_turns(float(m), bool(p)) for m, p in kinds])
        turns = 1 + means[which.reshape(-1)]
        first = self._settings.pick(
            np.arange(len(self._rate)), np.zeros(len(self._rate), np.uint64)
        )
        present = np.clip(self._leaves, 0, days * DAY) - np.clip(self._joins, 0, days * DAY)
        asked = self._rate * np.maximum(self._per_sitting, 1) * turns[first]
        return float((asked * np.maximum(present, 0) / DAY).sum())

    def day(self, day: int, newest: bool = False, now: int = 0) -> Rows:
        """Return one row a turn for all conversations that start on this day.

        For a day that was planned already, `newest` plans only for those who came last, and `now`
        is the time from which they may speak. Each generation of speakers has draws of its own, so
        that newcomers change nothing for those who were there before.
        """
        first = len(self._generations) - 1 if newest else 0
        parts = [self._planned(day, g, now) for g in range(first, len(self._generations))]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _planned(self, day: int, generation: int, now: int) -> Rows:
        names: tuple[str | int, ...] = ("demand", self._seed, day)
        rng = generator(*names, "newcomers", generation) if generation else generator(*names)
        begins = self._generations[generation]
        ends = [*self._generations, len(self._rate)][generation + 1]
        weekday = (self._first_weekday + day) % 7
        rate = self._rate[begins:ends] * self._week[self._rhythm[begins:ends], weekday]
        sittings = np.repeat(np.arange(begins, ends), rng.poisson(rate))
        hours = self._hours[self._rhythm[sittings], weekday]
        hour = (hours < rng.random(len(sittings))[:, None]).sum(axis=1) + rng.random(len(sittings))
        start = day * DAY + (
            (hour - self._places.clock(sittings, day)) % 24 * 3600 * SECOND
        ).astype(np.int64)

        count = 1 + rng.poisson(np.maximum(self._per_sitting[sittings] - 1, 0))
        speaker = np.repeat(sittings, count)
        spacing = self._arrivals.spacings(self._gap[speaker], rng)
        within = _running(spacing, count) - np.repeat(spacing[_starts(count)], count)
        begin = np.repeat(start, count) + (within * SECOND).astype(np.int64)
        begin += rng.integers(0, SECOND, len(begin))
        number = np.arange(len(speaker), dtype=np.uint64) + np.uint64(
            (day << 36) + (generation << 52)
        )
        conversation = mix(number, self._seed * 2 + 1)
        published = np.zeros(len(speaker), bool)
        if day == 0 and generation == 0 and self._shared_roots:
            keys = np.array([key for key, _ in self._shared_roots], np.uint64)
            begun_by = np.array([who for _, who in self._shared_roots])
            conversation = np.concatenate([conversation, keys])
            speaker = np.concatenate([speaker, begun_by])
            begin = np.concatenate([begin, rng.integers(0, DAY // 2, len(keys))])
            published = np.concatenate([published, np.ones(len(keys), bool)])
        setting = self._settings.pick(
            speaker, self._occupations(speaker, begin, conversation, published)
        )
        address = self._addresses.pick(speaker, mix(conversation, 2))
        address = self._places.at(speaker, address, begin)

        median, loops = self._turns[setting], self._loop[setting]
        turns = 1 + self._arrivals.further_turns(median, loops, rng)
        # A conversation that others carry on has at least as many answers as they can copy, and it
        # is over before they begin.
        turns[published] = 4
        of = np.repeat(setting, turns)
        gaps = self._arrivals.pauses(self._pace[of], np.repeat(loops, turns), rng)
        away = rng.random(len(of)) < self._pause[of]
        away &= ~np.repeat(published, turns)
        gaps = np.where(away, gaps + rng.uniform(3600, 9 * 3600, len(of)), gaps) + 2.0

        # Whoever is not there is left out only now, so that it changes no draw of another.
        kept = (begin >= self._joins[speaker]) & (begin < self._leaves[speaker]) & (begin >= now)
        places = np.flatnonzero(kept | published)
        order = places[np.lexsort((conversation[places], begin[places]))]
        seed = np.zeros(len(speaker), np.uint64)
        seed[order] = self._openings(speaker[order], setting[order], conversation[order])
        if published.any():
            keys = conversation[published]
            self._note_roots(dict(zip(keys.tolist(), seed[published].tolist(), strict=True)))
        rows = np.zeros(int(turns[order].sum()), TURN)
        write_turns(
            order,
            speaker,
            conversation,
            setting,
            address,
            seed,
            begin,
            turns,
            np.cumsum(turns) - turns,
            gaps,
            self._account,
            self._client,
            self._root,
            self._root_seed,
            self._root_setting,
            self._root_speaker,
            day,
            rows,
        )
        return rows

    def _occupations(
        self,
        speaker: npt.NDArray[np.int64],
        begin: npt.NDArray[np.int64],
        conversation: npt.NDArray[np.uint64],
        published: npt.NDArray[np.bool_],
    ) -> Seeds:
        """Return what settings are picked by: people mostly stay at one thing for some hours."""
        stays = (unit(mix(conversation, 21)) < _STAYS) & ~published
        same = busy_with(begin, self._voice[speaker], self._seed)
        return np.where(stays, same, mix(conversation, 1))

    def _note_roots(self, seeds: dict[int, int]) -> None:
        """Note what the conversations that others carry on begin with."""
        self._root_seeds.update(seeds)
        for key, seed in seeds.items():
            self._root_seed[self._root == np.uint64(key)] = seed

    def _openings(
        self,
        speaker: npt.NDArray[np.int64],
        setting: npt.NDArray[np.int64],
        conversation: npt.NDArray[np.uint64],
    ) -> npt.NDArray[np.uint64]:
        """Return the seed of each conversation's first text, drawn from decks where there are."""
        seeds = mix(conversation, 3)
        draw_openings(
            self._deck[setting],
            speaker,
            conversation,
            seeds,
            self._decks,
            self._deck_keys,
            self._deck_sizes,
            self._deck_repeats,
            self._drawn,
            self._walked,
        )
        return seeds


class _Places:
    """Where speakers are: lines whose address changes, and trips."""

    def __init__(self, stage: Stage) -> None:
        self._count = np.ones(len(stage.addresses), np.int64)
        self._lease = np.full(len(stage.addresses), 1 << 62)
        for row, (count, lease) in stage.leases.items():
            self._count[row], self._lease[row] = count, lease
        trips = [(k, s.trip) for k, s in enumerate(stage.speakers) if s.trip is not None]
        self._clock = np.array([s.clock for s in stage.speakers])
        self._trip = np.full(len(stage.speakers), -1)
        self._trip[[k for k, _ in trips]] = np.arange(len(trips))
        self._start = np.array([trip.start for _, trip in trips], np.int64)
        self._end = np.array([trip.end for _, trip in trips], np.int64)
        self._there = np.array([trip.address for _, trip in trips], np.int64)
        self._away_clock = np.array([trip.clock for _, trip in trips])

    def clock(self, speaker: npt.NDArray[np.int64], day: int) -> npt.NDArray[np.float64]:
        """Return the hours that each speaker's day is ahead of UTC."""
        clock = self._clock[speaker]
        who, trip = self._travelling(speaker, np.full(len(speaker), day * DAY + DAY // 2))
        clock[who] = self._away_clock[trip]
        return clock

    def at(
        self,
        speaker: npt.NDArray[np.int64],
        address: npt.NDArray[np.int64],
        when: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.int64]:
        """Return the address that each picked line has at a time, or that of a trip."""
        address = address.copy()
        who, trip = self._travelling(speaker, when)
        address[who] = self._there[trip]
        moving = np.flatnonzero(self._count[address] > 1)
        row = address[moving]
        period = when[moving] // self._lease[row]
        name = mix(mix(row, 8) + period.astype(np.uint64), 9)
        address[moving] += (unit(name) * self._count[row]).astype(np.int64)
        return address

    def _travelling(
        self, speaker: npt.NDArray[np.int64], when: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        who = np.flatnonzero(self._trip[speaker] >= 0)
        trip = self._trip[speaker[who]]
        away = (when[who] >= self._start[trip]) & (when[who] < self._end[trip])
        return who[away], trip[away]


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


def busy_with(when: npt.NDArray[np.int64], voice: Seeds, seed: int) -> Seeds:
    """Return by what somebody picks the one thing that fills these hours."""
    spell = (when // _SPELL).astype(np.uint64) + (voice << np.uint64(24))
    return mix(spell, seed * 2 + 22)


def voices(speakers: Sequence[Speaker]) -> Seeds:
    """Return whose habits each speaker has: a number of whoever it is."""
    own = [row if s.voice is None else s.voice for row, s in enumerate(speakers)]
    return np.array(own, np.uint64)


def _grown(counts: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    return np.concatenate([counts, np.zeros(size - len(counts), np.int64)])


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
