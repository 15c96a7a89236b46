"""What a prompt asks for, and which capability it exercises: runs of words from lists kept as data.

The lists are `reference_data/lexicon/{features,capabilities}/NAME.tsv`: language, weight, words;
`(a|b)` in the words stands for either. Whatever matches a line, it counts once a prompt. A feature
is set when the weights of its lines reach 100. A capability's score rises with the sum of weights
and saturates; long prompts need more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from itertools import count, product
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stillwatch.errors import InputError
from stillwatch.fingerprint.jit import inlined, part
from stillwatch.fingerprint.keys import GRAM_FACTOR, GRAM_SEED, TAG_SALT
from stillwatch.fingerprint.surroundings import HAS_DIGIT, HAS_FENCE, HAS_JSON, IN_TAG
from stillwatch.model.vocabulary import CAPABILITIES, FEATURES

LONGEST: Final = 12
"""Words of the longest entry; in scripts without spaces a word is one letter."""
ENOUGH: Final = 100
"""Sum of weights that sets a feature."""
MARKS: Final = ("@fence", "@json", "@numbers")
"""Entries that are no words: a fenced block, a JSON value, a share of numbers."""

_ALTERNATIVES: Final = re.compile(r"\(([^()]*)\)")
_FEATURE_COUNT: Final = len(FEATURES)
_CAPABILITY_COUNT: Final = len(CAPABILITIES)
_CATEGORY_COUNT: Final = _FEATURE_COUNT + _CAPABILITY_COUNT
_BEFORE: Final = _CATEGORY_COUNT
_LATEST: Final = _BEFORE + _FEATURE_COUNT
_SET: Final = _LATEST + _FEATURE_COUNT
TOTALS_SIZE: Final = _SET + 1
"""Totals of all categories; of each feature the total of the block before, and the latest block
with a word of it; the bits set so far."""
_BLOCK_SHIFT: Final = 5
_ROW_SHIFT: Final = 40
_FILTER_BITS: Final = 17
_NUMBERS_AT_LEAST: Final = 2
_NUMBERS_ONE_IN: Final = 25

_U6: Final = np.uint64(6)
_U47: Final = np.uint64(47)
_U63: Final = np.uint64(63)
_ONE: Final = np.uint64(1)
_TWO: Final = np.uint64(2)
_NONE: Final = np.uint64(0)

WordReader = Callable[[list[str]], tuple[list[npt.NDArray[np.uint64]], list[bool]]]
"""Turns texts into their word hashes, and says which begin with a word in a tag."""


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A run of words and how much it speaks for one feature or capability."""

    category: int
    weight: int
    phrase: str
    line: int = -1
    """Entries of one line are other words for one thing and count once; -1 is a line alone."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lists compiled under one key: read-only arrays, shared by all threads."""

    singles: npt.NDArray[np.uint64]
    """A bit for each word that is an entry by itself, at the word's top bits."""
    pairs: npt.NDArray[np.uint64]
    """A bit for each pair of words that begins an entry."""
    beginnings: npt.NDArray[np.uint64]
    """The pairs again, exact, as an open-addressing table."""
    lengths: npt.NDArray[np.uint16]
    """The lengths of the entries that begin with each pair, one bit a length."""
    grams: npt.NDArray[np.uint64]
    gram_entries: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int32]
    categories: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.int32]
    marks: npt.NDArray[np.int32]
    lines: npt.NDArray[np.int32]
    """Under which number each weight counts once a prompt: that of the line it came from."""

    def arrays(self) -> tuple[npt.NDArray[Any], ...]:
        """Return the arrays in the order in which the compiled code takes them."""
        return tuple(getattr(self, field.name) for field in fields(self))

    @classmethod
    def compile(
        cls,
        entries: Iterable[LexiconEntry],
        numbers: npt.NDArray[np.uint64],
        read: WordReader,
    ) -> Lexicon:
        """Hash every entry under a key and lay the hashes out for look-up."""
        by_phrase: defaultdict[str, list[LexiconEntry]] = defaultdict(list)
        for entry in entries:
            by_phrase[entry.phrase].append(entry)
        texts = [phrase for phrase in by_phrase if phrase not in MARKS]
        hashes, tagged = read(texts)
        salt = int(numbers[TAG_SALT])
        factor, seed = int(numbers[GRAM_FACTOR]), int(numbers[GRAM_SEED])
        singles: set[int] = set()
        lengths: defaultdict[int, int] = defaultdict(int)
        found: defaultdict[int, list[LexiconEntry]] = defaultdict(list)
        for text, words, in_tag in zip(texts, hashes, tagged, strict=True):
            if not 1 <= len(words) <= LONGEST or (in_tag and len(words) > 1):
                raise InputError(
                    f"lexicon entry {text!r} has {len(words)} words",
                    hint=f"an entry has 1 to {LONGEST} words; a tag has one",
                )
            totals = [seed]
            for word in words:
                value = int(word) ^ (salt if in_tag else 0)
                totals.append((totals[-1] * factor + value) % (1 << 64))
            if len(words) > 1:
                lengths[totals[2]] |= 1 << len(words)
            elif not in_tag:
                singles.add(int(words[0]))
            found[totals[-1]] += by_phrase[text]
        groups = list(found.values())
        marks = np.full(len(MARKS), -1, dtype=np.int32)
        for place, mark in enumerate(MARKS):
            if mark in by_phrase:
                marks[place] = len(groups)
                groups.append(by_phrase[mark])
        beginnings, masks = _lay_out(dict(lengths))
        grams, gram_entries = _lay_out({gram: i for i, gram in enumerate(found)})
        # Two languages, or two spellings, may have one run of words: then a category counts once.
        groups = [
            list({e.category: e for e in sorted(group, key=lambda e: e.weight)}.values())
            for group in groups
        ]
        flat = [entry for group in groups for entry in group]
        lines: dict[int, int] = {}
        for place, entry in enumerate(flat):
            lines.setdefault(entry.line if entry.line >= 0 else -1 - place, len(lines))
        lexicon = cls(
            singles=_filter(singles),
            pairs=_filter(lengths),
            beginnings=beginnings,
            lengths=masks.astype(np.uint16),
            grams=grams,
            gram_entries=gram_entries.astype(np.int32),
            offsets=np.cumsum([0] + [len(group) for group in groups]).astype(np.int32),
            categories=np.array([entry.category for entry in flat], dtype=np.uint8),
            weights=np.array([entry.weight for entry in flat], dtype=np.int32),
            marks=marks,
            lines=np.array(
                [lines[e.line if e.line >= 0 else -1 - place] for place, e in enumerate(flat)],
                dtype=np.int32,
            ),
        )
        for array in lexicon.arrays():
            array.flags.writeable = False
        return lexicon


@cache
def load_entries() -> tuple[LexiconEntry, ...]:
    """Read the lists, sorted by file and line; raises InputError on a line that cannot be read."""
    root = files("stillwatch.reference_data") / "lexicon"
    names: list[tuple[str, str]] = [("features", name) for name in FEATURES]
    names += [("capabilities", name) for name in CAPABILITIES]
    entries = []
    numbers = count()
    for category, (folder, name) in enumerate(names):
        source = f"lexicon/{folder}/{name}.tsv"
        text = (root / folder / f"{name}.tsv").read_text(encoding="utf-8")
        for line, record in enumerate(text.splitlines(), start=1):
            if not record or record.startswith("#"):
                continue
            parts = record.split("\t")
            if len(parts) != 3 or not parts[1].isdigit() or not 1 <= int(parts[1]) <= ENOUGH:
                raise InputError(
                    "a lexicon line is language, weight (1 to 100), words",
                    source=source,
                    line=line,
                )
            phrases = _spell_out(parts[2])
            number = next(numbers) if len(phrases) > 1 else -1
            entries += [LexiconEntry(category, int(parts[1]), words, number) for words in phrases]
    return tuple(entries)


def _spell_out(pattern: str) -> list[str]:
    """Return the runs of words that a line stands for: `(a|b) c` is `a c` and `b c`."""
    parts = [part.split("|") for part in _ALTERNATIVES.split(pattern)]
    return list(dict.fromkeys(" ".join("".join(words).split()) for words in product(*parts)))


def _filter(values: Iterable[int]) -> npt.NDArray[np.uint64]:
    """Return a bit set with a bit for each value, at the value's top bits."""
    bits = np.zeros(1 << (_FILTER_BITS - 6), dtype=np.uint64)
    for value in values:
        place = value >> (64 - _FILTER_BITS)
        bits[place >> 6] |= np.uint64(1 << (place & 63))
    return bits


def _lay_out(values: dict[int, int]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Return an open-addressing table of hashes (0 = free), and the value of each."""
    size = 1 << max(4, (len(values) * 3).bit_length())
    hashes = np.zeros(size, dtype=np.uint64)
    numbers = np.zeros(size, dtype=np.int64)
    for key, value in values.items():
        place = key & (size - 1)
        while hashes[place]:
            place = (place + 1) & (size - 1)
        hashes[place] = key
        numbers[place] = value
    return hashes, numbers


@part
def _find(table: Any, wanted: np.uint64) -> Any:
    """Return the place of a hash in an open-addressing table, or -1."""
    mask = np.uint64(table.size - 1)
    place = wanted & mask
    while table[place] != wanted:
        if table[place] == _NONE:
            return -1
        place = (place + _ONE) & mask
    return np.int64(place)


@part
def _bit(bits: Any, value: np.uint64) -> Any:
    """Return 1 if a value may be in a filter."""
    place = value >> _U47
    return (bits[place >> _U6] >> (place & _U63)) & _ONE


@inlined
def _find_places(lexicon: Any, hashes: Any, count: int, numbers: Any, places: Any) -> int:
    """Fill `places` with where an entry may begin (times four, plus which kind); return how many.

    Without a branch a word: what a word is cannot be predicted.
    """
    singles, pairs = lexicon[0], lexicon[1]
    factor = numbers[GRAM_FACTOR]
    start = numbers[GRAM_SEED] * factor
    found = 0
    for at in range(count - 1):
        word = hashes[at]
        kind = _bit(singles, word) | (_bit(pairs, (start + word) * factor + hashes[at + 1]) << _ONE)
        places[found] = np.uint64(at << 2) | kind
        found += kind != _NONE
    places[found] = np.uint64((count - 1) << 2) | _bit(singles, hashes[count - 1])
    return found + 1


@part
def _add(lexicon: Any, gram: np.uint64, at: int, row: int, seen: Any, totals: Any) -> None:
    """Add the weights of the entry with this hash to the totals, if there is one."""
    place = _find(lexicon[4], gram)
    if place >= 0:
        _add_entry(lexicon, lexicon[5][place], at, row, seen, totals)


@part
def _add_entry(lexicon: Any, entry: int, at: int, row: int, seen: Any, totals: Any) -> None:
    """Add an entry's weights to the totals: each line once a prompt, for a feature once a place.

    The weak lines of a feature say something together only where they stand together, so they add
    up over the block of words they stand in and the block before.
    """
    offsets, categories, weights, lines = lexicon[6], lexicon[7], lexicon[8], lexicon[10]
    block = at >> _BLOCK_SHIFT
    for k in range(offsets[entry], offsets[entry + 1]):
        category = categories[k]
        is_feature = category < _FEATURE_COUNT
        now = (row << _ROW_SHIFT) + (block if is_feature else 0)
        last = seen[lines[k]]
        if last == now:
            continue
        seen[lines[k]] = now
        if is_feature:
            if block != totals[_LATEST + category]:
                follows = block == totals[_LATEST + category] + 1
                totals[_BEFORE + category] = totals[category] if follows else 0
                totals[category] = 0
                totals[_LATEST + category] = block
            if last == now - 1:
                totals[_BEFORE + category] -= weights[k]
            if totals[_BEFORE + category] + totals[category] + weights[k] >= ENOUGH:
                totals[_SET] |= 1 << category
        totals[category] += weights[k]


@inlined
def _add_longer(
    lexicon: Any,
    hashes: Any,
    count: int,
    at: int,
    numbers: Any,
    row: int,
    seen: Any,
    totals: Any,
) -> None:
    """Add every entry of two or more words that begins at one word."""
    factor = numbers[GRAM_FACTOR]
    total = (numbers[GRAM_SEED] * factor + hashes[at]) * factor + hashes[at + 1]
    place = _find(lexicon[2], total)
    if place < 0:
        return
    lengths = np.int64(lexicon[3][place]) >> 2
    length = 2
    while True:
        if lengths & 1:
            _add(lexicon, total, at, row, seen, totals)
        lengths >>= 1
        if lengths == 0 or at + length >= count:
            return
        total = total * factor + hashes[at + length]
        length += 1


@part
def score(
    lexicon: Any,
    hashes: Any,
    flags: Any,
    count: int,
    found: int,
    numbers: Any,
    row: int,
    places: Any,
    seen: Any,
    totals: Any,
) -> tuple[int, np.uint64]:
    """Return the feature bits and packed capability scores of a prompt of at least one word.

    `row` is a number that no earlier call with this `seen` had; `places` and `totals` are scratch.
    """
    factor = numbers[GRAM_FACTOR]
    start = numbers[GRAM_SEED] * factor
    for k in range(TOTALS_SIZE):
        totals[k] = 0
    for k in range(_find_places(lexicon, hashes, count, numbers, places)):
        at: Any = np.int64(places[k] >> _TWO)
        if places[k] & _ONE:
            _add(lexicon, start + hashes[at], at, row, seen, totals)
        if places[k] & _TWO:
            _add_longer(lexicon, hashes, count, at, numbers, row, seen, totals)
    with_digits = 0
    in_tags = 0
    for at in range(count):
        with_digits += flags[at] & HAS_DIGIT
        in_tags |= flags[at]
    if in_tags & IN_TAG:
        for at in range(count):
            if flags[at] & IN_TAG:
                _add(lexicon, start + (hashes[at] ^ numbers[TAG_SALT]), at, row, seen, totals)
    marks = lexicon[9]
    if found & HAS_FENCE and marks[0] >= 0:
        _add_entry(lexicon, marks[0], 0, row, seen, totals)
    if found & HAS_JSON and marks[1] >= 0:
        _add_entry(lexicon, marks[1], 0, row, seen, totals)
    many = with_digits >= _NUMBERS_AT_LEAST and with_digits * _NUMBERS_ONE_IN >= count
    if many and marks[2] >= 0:
        _add_entry(lexicon, marks[2], 0, row, seen, totals)

    # A prompt twice as long needs a constant more for the same score.
    half = ENOUGH
    longer = count >> 5
    while longer:
        half += 60
        longer >>= 1
    packed = _NONE
    for k in range(_CAPABILITY_COUNT):
        total = np.int64(totals[_FEATURE_COUNT + k])
        packed |= np.uint64(255 * total // (total + half)) << np.uint64(8 * k)
    return totals[_SET], packed
