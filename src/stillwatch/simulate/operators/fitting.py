"""Which account asks what: a careful operator gives long tasks to those whose owners write long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from stillwatch.simulate.operators.members import Member
from stillwatch.simulate.operators.wording import Line
from stillwatch.simulate.text.grammar import Phrase
from stillwatch.simulate.text.program import Script

_SAMPLES: Final = 24
_CARE: Final = 0.05
"""How far from their place in the order of lengths tasks may be given out: standard deviation, as a
share of all (guessed)."""


def fitted(
    members: Sequence[Member], lines: Sequence[Line], few: int, rng: np.random.Generator
) -> list[list[int]]:
    """Return `few` lines for each member, by number: together about as long as what it asks.

    Over all members every line keeps its share.
    """
    if not members:
        return []
    wanted = usual_lengths(members, few, rng)
    reach = _line_lengths(members, lines, rng)
    order = np.argsort(reach, kind="stable")
    shares = np.cumsum([lines[k].share for k in order.tolist()])
    places = wanted.size
    rank = np.argsort(np.argsort(wanted, axis=None, kind="stable")) / places
    place = np.argsort(np.argsort(rank + rng.normal(0, _CARE, places)))
    drawn = np.searchsorted(shares / shares[-1], (place + rng.random()) / places)
    dealt = order[np.minimum(drawn, len(lines) - 1)].reshape(wanted.shape)
    return [rng.permutation(own).tolist() for own in dealt]


def usual_lengths(
    members: Sequence[Member], few: int, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Return `few` lengths for each member that divide what its persona asks first evenly."""
    phrases: dict[int, tuple[int, Phrase]] = {}
    which, voice, ends = [], [], []
    for member in members:
        settled = member.settled
        for speaker, settings in zip(settled.speakers, settled.settings, strict=True):
            for setting in settings:
                known = phrases.setdefault(id(setting.opening), (len(phrases), setting.opening))
                which.append(known[0])
                voice.append(speaker.voice or 0)
        ends.append(len(which))
    asked = _lengths([phrase for _, phrase in phrases.values()], which, voice, rng)
    at = (np.arange(few) + 0.5) / few
    return np.stack([np.quantile(own, at) for own in np.split(asked, ends[:-1])])


def _line_lengths(
    members: Sequence[Member], lines: Sequence[Line], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Return the median length of what each line asks, on any account."""
    some = [members[k].account for k in rng.integers(0, len(members), 8).tolist()]
    which = [k for k in range(len(lines)) for _ in some]
    asked = _lengths([line.template.phrase for line in lines], which, some * len(lines), rng)
    reach: npt.NDArray[np.float64] = np.median(asked.reshape(len(lines), -1), axis=1)
    return reach


def _lengths(
    phrases: Sequence[Phrase], which: list[int], who: list[int], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Return a row of lengths for each phrase as one speaker and account has it."""
    seeds = rng.integers(0, 1 << 63, len(which) * _SAMPLES).astype(np.uint64)
    whose = np.repeat(np.array(who, np.uint64), _SAMPLES)
    texts = Script(phrases).render(np.repeat(which, _SAMPLES), seeds, whose, whose.astype(np.int64))
    found: npt.NDArray[np.float64] = pc.utf8_length(texts).to_numpy().astype(float)
    return found.reshape(len(which), _SAMPLES)
