"""A prompt grammar that renders whole columns: each text is a function of one 64-bit seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.simulate.columns import column
from stillwatch.simulate.streams import Seeds, below, key_of, mix

_SLOT = re.compile(r"\{([a-z_]+)(\d*)\}")
_NOTHING = pa.scalar("")


class Phrase(Protocol):
    """Anything that turns a column of seeds into a column of text."""

    def render(self, seeds: Seeds) -> pa.Array:
        """Return one string for each seed; equal seeds give equal strings."""


class OneOf:
    """A plain list of wordings, all equally likely."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = pa.array(words, pa.string())

    def render(self, seeds: Seeds) -> pa.Array:
        """Return one of the wordings for each seed."""
        return self._words.take(column(below(seeds, len(self._words))))


class Numbers:
    """Whole numbers from `low` to `high`, both included."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._count = low, high - low + 1

    def render(self, seeds: Seeds) -> pa.Array:
        """Return one number, written out, for each seed."""
        return column(below(seeds, self._count) + self._low).cast(pa.string())


class Passage:
    """Between `low` and `high` renderings of one phrase, joined; short ones are commoner."""

    def __init__(self, phrase: Phrase, low: int, high: int, joiner: str = " ") -> None:
        self._phrase, self._low, self._high, self._joiner = phrase, low, high, joiner

    def render(self, seeds: Seeds) -> pa.Array:
        """Return one passage for each seed."""
        share = below(mix(seeds, 1), 1 << 20) / float(1 << 20)
        counts = (self._low + (self._high - self._low + 1) * share**2.5).astype(np.int64)
        offsets = np.concatenate([[0], np.cumsum(counts)])
        position = np.arange(offsets[-1]) - np.repeat(offsets[:-1], counts)
        inner = mix(np.repeat(mix(seeds, 2), counts) + position.astype(np.uint64), 3)
        parts = self._phrase.render(inner)
        lists = pa.ListArray.from_arrays(column(offsets.astype(np.int32)), parts)
        return pc.binary_join(lists, self._joiner)


class Grammar:
    """Templates with named slots; `{word}` and `{word2}` are two draws of the slot `word`.

    A slot that appears twice under one name holds the same text both times.
    """

    def __init__(self, templates: Sequence[str], slots: Mapping[str, Phrase | list[str]]) -> None:
        self._slots: dict[str, Phrase] = {
            name: OneOf(slot) if isinstance(slot, list) else slot for name, slot in slots.items()
        }
        self._templates = [_parts(template) for template in templates]
        for template in self._templates:
            for part in template:
                if isinstance(part, _Slot) and part.name not in self._slots:
                    raise KeyError(f"no slot called {part.name!r}")

    def render(self, seeds: Seeds) -> pa.Array:
        """Return one filled template for each seed."""
        chosen = below(mix(seeds, 11), len(self._templates))
        return scatter(chosen, len(self._templates), lambda k, rows: self._fill(k, seeds[rows]))

    def _fill(self, template: int, seeds: Seeds) -> pa.Array:
        drawn: dict[int, pa.Array] = {}
        columns: list[pa.Array | pa.Scalar] = []
        for part in self._templates[template]:
            if not isinstance(part, _Slot):
                columns.append(part)
                continue
            if part.salt not in drawn:
                drawn[part.salt] = self._slots[part.name].render(mix(seeds, part.salt))
            columns.append(drawn[part.salt])
        if not drawn:
            return pa.repeat(pc.binary_join_element_wise(*columns, _NOTHING), len(seeds))
        return pc.binary_join_element_wise(*columns, _NOTHING)


class Mixture:
    """Several phrases, each drawn with its own weight."""

    def __init__(self, parts: Sequence[tuple[float, Phrase]]) -> None:
        total = sum(weight for weight, _ in parts)
        self._edges = np.cumsum([weight / total for weight, _ in parts])[:-1]
        self._phrases = [phrase for _, phrase in parts]

    def render(self, seeds: Seeds) -> pa.Array:
        """Return the text of one part for each seed."""
        share = below(mix(seeds, 21), 1 << 30) / float(1 << 30)
        chosen = np.searchsorted(self._edges, share, side="right")
        inner = mix(seeds, 22)
        return scatter(
            chosen, len(self._phrases), lambda k, rows: self._phrases[k].render(inner[rows])
        )


def scatter(
    chosen: npt.NDArray[np.int64],
    count: int,
    render: Callable[[int, npt.NDArray[np.int64]], pa.Array],
) -> pa.Array:
    """Render each choice's rows together and put the texts back in row order."""
    order = np.argsort(chosen, kind="stable")
    ends = np.searchsorted(chosen[order], np.arange(count + 1))
    pieces = [
        render(k, order[ends[k] : ends[k + 1]]) for k in range(count) if ends[k + 1] > ends[k]
    ]
    if not pieces:
        return pa.array([], pa.string())
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return pa.concat_arrays(pieces).take(column(back))


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str
    salt: int


def _parts(template: str) -> list[pa.Scalar | _Slot]:
    """Split a template at its slots; literals become Arrow scalars once, as that is slow."""
    parts: list[pa.Scalar | _Slot] = []
    end = 0
    for found in _SLOT.finditer(template):
        if found.start() > end:
            parts.append(pa.scalar(template[end : found.start()]))
        parts.append(_Slot(found[1], key_of(found[1], found[2])))
        end = found.end()
    if end < len(template):
        parts.append(pa.scalar(template[end:]))
    return parts
