"""Phrases compiled into one table of nodes, so that one call writes a column that mixes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.simulate.streams import Seeds, mix
from stillwatch.simulate.text import kernel
from stillwatch.simulate.text.put import ROOM

if TYPE_CHECKING:
    from stillwatch.simulate.text.grammar import Phrase

_MOST_BYTES: Final = (1 << 31) - 1
"""An Arrow string column holds no more."""
_EQUAL: Final = -1
_FEW: Final = 200
_LONG: Final = 100


class Words:
    """A list of texts as the kernel reads it: their bytes, and where each begins and how long it is.

    Raises ValueError for a text of more than 16 MiB.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        encoded = [text.encode() for text in texts]
        lengths = np.array([len(data) for data in encoded], np.int64)
        if lengths.max(initial=0) > kernel.MOST_BYTES:
            raise ValueError("a text of a list is longer than 16 MiB")
        self.data = b"".join(encoded)
        starts = np.cumsum(lengths) - lengths
        self.entries: npt.NDArray[np.int64] = starts << kernel.LENGTH_BITS | lengths


class Program:
    """Collects nodes while phrases are compiled; each phrase, word list and literal once."""

    def __init__(self) -> None:
        self._nodes: list[tuple[int, ...]] = []
        self._depths: list[int] = []
        self._pool: list[bytes] = []
        self._size = 0
        self._strings: list[npt.NDArray[np.int64]] = []
        self._listed = 0
        self._places: dict[str, tuple[int, int]] = {}
        self._parts: list[tuple[int, int, int, int]] = []
        self._children: list[int] = []
        self._thresholds: list[int] = []
        self._shapes: list[float] = []
        self._known: dict[int, tuple[Phrase, int]] = {}

    def node(self, phrase: Phrase) -> int:
        """Return a phrase's node, compiling it the first time.

        Raises ValueError for a phrase that is nested too deeply to be written.
        """
        found = self._known.get(id(phrase))
        if found is None:
            # The phrase is kept, so that no other can have its id.
            found = self._known[id(phrase)] = (phrase, phrase.compile_into(self))
            if self._depths[found[1]] > kernel.DEPTH - 2:
                raise ValueError("a phrase is nested too deeply")
        return found[1]

    def literal(self, text: str) -> int:
        """Add a fixed text."""
        return self._add(1, kernel.LITERAL, *self._place(text))

    def one_of(self, words: Words, even: bool = True) -> int:
        """Add a draw from a list of texts; the first of a long list of words are commoner."""
        skewed = not even and len(words.entries) >= _LONG
        return self._add(1, kernel.ONE_OF, self._list(words), len(words.entries), int(skewed))

    def number(self, low: int, count: int) -> int:
        """Add a draw from `count` whole numbers, `low` first."""
        return self._add(1, kernel.NUMBER, low, count)

    def hexadecimal(self, digits: int) -> int:
        """Add a draw of so many hexadecimal digits."""
        return self._add(1, kernel.HEX, digits)

    def sequence(self, parts: Sequence[tuple[str, int | None, int]]) -> int:
        """Add fixed texts, each followed by a node (or none) whose seed has a salt of its own."""
        depth = 1 + max((self._depths[c] for _, c, _ in parts if c is not None), default=0)
        return self._add(depth, kernel.SEQUENCE, self._part_rows(parts), len(parts))

    def choice(self, nodes: Sequence[int], weights: Sequence[float] | None) -> int:
        """Add a draw of one of several nodes, equally likely unless weights are given."""
        begin, first = len(self._children), _EQUAL
        if weights is not None and all(w == int(w) for w in weights) and sum(weights) <= _FEW:
            # Entries that stand there several times are drawn faster than thresholds are searched.
            nodes = [node for node, w in zip(nodes, weights, strict=True) for _ in range(int(w))]
            weights = None
        self._children += nodes
        if weights is not None:
            first = len(self._thresholds)
            edges = np.cumsum(np.asarray(weights, float)) / float(sum(weights))
            self._thresholds += [int(edge * (1 << 32)) for edge in edges]
        depth = max(self._depths[node] for node in nodes)
        return self._add(depth, kernel.CHOICE, begin, len(nodes), first)

    def habit(self, nodes: Sequence[int], salt: int, whose: int) -> int:
        """Add a choice that depends on the speaker (0) or the account (1)."""
        begin = len(self._children)
        self._children += nodes
        depth = max(self._depths[node] for node in nodes)
        return self._add(depth, kernel.HABIT, begin, len(nodes), salt, whose)

    def passage(self, node: int, low: int, high: int, joiner: str, shape: float) -> int:
        """Add many renderings of a node; `shape` is `Passage`'s."""
        self._shapes.append(shape)
        return self._add(
            self._depths[node] + 1,
            kernel.PASSAGE,
            node,
            low,
            high,
            self._list(Words([joiner])),
            len(self._shapes) - 1,
        )

    def wrapped(self, kind: int, node: int, *numbers: int) -> int:
        """Add a node that changes how another is written: voiced, reworded, styled, capital."""
        return self._add(self._depths[node] + 1, kind, node, *numbers)

    def coded(self, words: Words, divisor: int, whole: int, factor: int) -> int:
        """Add a word by account; `Coded` says how."""
        return self._add(
            1, kernel.CODED, self._list(words), len(words.entries), divisor, whole, factor
        )

    def shuffled(self, nodes: Sequence[tuple[int, int]], always: int, chance: int, gap: int) -> int:
        """Add nodes (with salts) in any order, some left out, with a joining node between them."""
        if len(nodes) > kernel.MOST_SHUFFLED:
            raise ValueError(f"at most {kernel.MOST_SHUFFLED} parts can be shuffled")
        parts = [("", node, salt) for node, salt in nodes]
        depth = 2 * len(nodes) + max(self._depths[node] for node in (*dict(nodes), gap))
        return self._add(
            depth, kernel.SHUFFLED, self._part_rows(parts), len(parts), always, chance, gap
        )

    def arrays(self) -> tuple[npt.NDArray[Any], ...]:
        """Return the tables in the order in which the kernel takes them."""
        nodes = np.zeros((len(self._nodes), 6), np.int64)
        for place, node in enumerate(self._nodes):
            nodes[place, : len(node)] = node
        # A salt is an unsigned number in a table of signed ones.
        parts = np.zeros((max(1, len(self._parts)), 3), np.int64)
        for place, (start, length, child, salt) in enumerate(self._parts):
            signed = salt - (1 << 64) if salt >= 1 << 63 else salt
            parts[place] = start << kernel.LENGTH_BITS | length, child, signed
        return (
            nodes,
            np.concatenate([*self._strings, np.zeros(1, np.int64)]),
            np.frombuffer(b"".join([*self._pool, bytes(ROOM)]), np.uint8),
            parts,
            np.array(self._children or [0], np.int64),
            np.array(self._thresholds or [0], np.uint64),
            np.array(self._shapes or [0.0], np.float64),
        )

    def _add(self, depth: int, *numbers: int) -> int:
        self._nodes.append(numbers)
        self._depths.append(depth)
        return len(self._nodes) - 1

    def _place(self, text: str) -> tuple[int, int]:
        found = self._places.get(text)
        if found is None:
            data = text.encode()
            found = self._places[text] = (self._size, len(data))
            self._put(data)
        return found

    def _put(self, data: bytes) -> None:
        self._pool.append(data)
        self._size += len(data)

    def _list(self, words: Words) -> int:
        begin = self._listed
        self._strings.append(words.entries + (self._size << kernel.LENGTH_BITS))
        self._listed += len(words.entries)
        self._put(words.data)
        return begin

    def _part_rows(self, parts: Sequence[tuple[str, int | None, int]]) -> int:
        begin = len(self._parts)
        for text, node, salt in parts:
            start, length = self._place(text)
            self._parts.append((start, length, -1 if node is None else node, salt))
        return begin


class Script:
    """Phrases that are rendered together; build it once, after all phrases are known."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        program = Program()
        self._roots = np.array([program.node(phrase) for phrase in phrases], np.int64)
        self._tables = program.arrays()
        self._mean = 400.0

    def render(
        self,
        which: npt.NDArray[Any],
        seeds: Seeds,
        speakers: npt.NDArray[Any] | None = None,
        accounts: npt.NDArray[Any] | None = None,
    ) -> pa.Array:
        """Return the text of phrase `which[k]` under `seeds[k]`, as `speakers[k]` would type it.

        A speaker is any whole number for whoever types: habits, interests and slips follow it. An
        account (a row number) matters only to wordings that each account has of its own. Without
        speakers every text has its own; without accounts all are account 0.

        Raises ValueError when the texts together pass 2 GiB, which is what a column can hold.
        """
        rows = len(seeds)
        who = mix(seeds, 99) if speakers is None else speakers.astype(np.uint64)
        whose = np.zeros(rows, np.int64) if accounts is None else accounts.astype(np.int64)
        offsets = np.zeros(rows + 1, np.int64)
        out = np.empty(int(rows * self._mean * 1.1) + 4096, np.uint8)
        roots = self._roots[which]
        done = 0
        while True:
            done = kernel.write_texts(
                self._tables, roots, np.asarray(seeds, np.uint64), who, whose, done, out, offsets
            )
            if done == rows:
                break
            written = int(offsets[done])
            more = max(out.size // 2, int((rows - done) * self._mean), 1 << 16)
            out = np.concatenate([out[:written], np.empty(out.size - written + more, np.uint8)])
        if offsets[-1] > _MOST_BYTES:
            raise ValueError("the texts of one column pass 2 GiB; render fewer rows at a time")
        if rows:
            self._mean = max(1.0, offsets[-1] / rows)
        return pa.StringArray.from_buffers(
            rows,
            pa.py_buffer(offsets.astype(np.int32)),
            pa.py_buffer(out[: int(offsets[-1])]),
        )
