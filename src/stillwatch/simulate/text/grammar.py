"""A prompt grammar that renders whole columns: each text is a function of one 64-bit seed.

Beside the seed a text may follow who types it (a `speaker`: habits, interests, slips) and, for a
campaign that words its requests anew for each account, the account.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from math import gcd
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.simulate.streams import Seeds, key_of, mix
from stillwatch.simulate.text import kernel
from stillwatch.simulate.text.program import Program, Script, Words

_SLOT: Final = re.compile(r"\{([a-z_]+)(\d*)\}")


_SALTS: Final = (1 << 62) - 1


class Phrase(ABC):
    """Anything that turns a column of seeds into a column of text."""

    _script: Script | None = None

    @abstractmethod
    def compile_into(self, program: Program) -> int:
        """Add the phrase to a program and return its node."""

    def render(
        self,
        seeds: Seeds,
        speakers: npt.NDArray[Any] | None = None,
        accounts: npt.NDArray[Any] | None = None,
    ) -> pa.Array:
        """Return one string for each seed; equal arguments give equal strings.

        `Script.render` says what speakers and accounts are, and renders many phrases at once.
        """
        if self._script is None:
            self._script = Script([self])
        return self._script.render(np.zeros(len(seeds), np.int64), seeds, speakers, accounts)


class Fixed(Phrase):
    """One text that never changes."""

    def __init__(self, text: str) -> None:
        self._text = text

    def compile_into(self, program: Program) -> int:
        """Add the text."""
        return program.literal(self._text)


class OneOf(Phrase):
    """A plain list of wordings, all equally likely, unless the first of a long list shall be commoner.

    Words of a language are unevenly common (Zipf, 1935), which lets text be compressed.
    """

    def __init__(self, words: Sequence[str], even: bool = True) -> None:
        if not words:
            raise ValueError("a list of wordings is empty")
        self._words, self._even = Words(words), even

    def compile_into(self, program: Program) -> int:
        """Add the list."""
        return program.one_of(self._words, self._even)


class Stock(Phrase):
    """A phrase drawn so many times beforehand; one of those is faster to write than a new one."""

    def __init__(self, phrase: Phrase, size: int, key: int) -> None:
        self._phrase, self._size, self._key = phrase, size, key
        self._words: Words | None = None

    def compile_into(self, program: Program) -> int:
        """Add the stock, which is drawn the first time."""
        if self._words is None:
            seeds = mix(np.arange(self._size, dtype=np.uint64), self._key)
            self._words = Words(self._phrase.render(seeds).to_pylist())
        return program.one_of(self._words)


class Numbers(Phrase):
    """Whole numbers from `low` to `high`, both included."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._count = low, high - low + 1

    def compile_into(self, program: Program) -> int:
        """Add the range."""
        return program.number(self._low, self._count)


class Hexadecimal(Phrase):
    """So many random hexadecimal digits, as in commit hashes and identifiers."""

    def __init__(self, digits: int) -> None:
        self._digits = digits

    def compile_into(self, program: Program) -> int:
        """Add the digits."""
        return program.hexadecimal(self._digits)


class Passage(Phrase):
    """Between `low` and `high` renderings of one phrase, joined; short ones are commoner.

    A positive `shape` is the power of a uniform draw that spans the range; a negative one is the
    exponent of a Pareto tail that begins at `low` and is cut at `high`.
    """

    def __init__(
        self, phrase: Phrase, low: int, high: int, joiner: str = " ", shape: float = 2.5
    ) -> None:
        if shape == 0 or not 0 <= low <= high:
            raise ValueError("a passage needs 0 <= low <= high and a shape other than 0")
        self._phrase, self._low, self._high = phrase, low, high
        self._joiner, self._shape = joiner, shape

    def compile_into(self, program: Program) -> int:
        """Add the passage."""
        inner = program.node(self._phrase)
        return program.passage(inner, self._low, self._high, self._joiner, self._shape)


class Parts(Phrase):
    """Fixed texts with phrases between them, each under a salt: equal salts, equal texts."""

    def __init__(self, parts: Sequence[tuple[str, Phrase | None, int]]) -> None:
        self._parts = list(parts)

    def compile_into(self, program: Program) -> int:
        """Add the parts."""
        return program.sequence(
            [
                (text, None if phrase is None else program.node(phrase), salt)
                for text, phrase, salt in self._parts
            ]
        )


class Mixture(Phrase):
    """Several phrases, each drawn with its own weight."""

    def __init__(self, parts: Sequence[tuple[float, Phrase]]) -> None:
        self._parts = list(parts)

    def compile_into(self, program: Program) -> int:
        """Add the choice."""
        weights = [weight for weight, _ in self._parts]
        return program.choice(
            [program.node(phrase) for _, phrase in self._parts],
            None if len(set(weights)) == 1 else weights,
        )


class Grammar(Phrase):
    """Templates with named slots; `{word}` and `{word2}` are two draws of the slot `word`.

    A slot that appears twice under one name holds the same text both times.
    """

    def __init__(self, templates: Sequence[str], slots: Mapping[str, Phrase | list[str]]) -> None:
        self._slots: dict[str, Phrase] = {
            name: OneOf(slot) if isinstance(slot, list) else slot for name, slot in slots.items()
        }
        self._templates = [self._read(template) for template in templates]

    def compile_into(self, program: Program) -> int:
        """Add the templates."""
        nodes = [program.node(template) for template in self._templates]
        return nodes[0] if len(nodes) == 1 else program.choice(nodes, None)

    def _read(self, template: str) -> Phrase:
        parts: list[tuple[str, Phrase | None, int]] = []
        end = 0
        for found in _SLOT.finditer(template):
            if found[1] not in self._slots:
                raise KeyError(f"no slot called {found[1]!r}")
            salt = key_of(found[1], found[2])
            parts.append((template[end : found.start()], self._slots[found[1]], salt))
            end = found.end()
        if end < len(template) or not parts:
            parts.append((template[end:], None, 0))
        return Parts(parts)


class Voiced(Phrase):
    """A phrase that depends on who types it and not on the seed: a habit, an interest."""

    def __init__(self, phrase: Phrase, salt: int, by: Literal["speaker", "account"] = "speaker"):
        self._phrase, self._salt, self._by = phrase, salt, by

    def compile_into(self, program: Program) -> int:
        """Add the habit."""
        whose = 0 if self._by == "speaker" else 1
        return program.wrapped(
            kernel.VOICED, program.node(self._phrase), whose, self._salt & _SALTS
        )


class Recurring(Phrase):
    """One of a few draws that belong to the whole text, as people and things come up again in it."""

    def __init__(self, phrase: Phrase, salt: int, few: int = 8) -> None:
        self._phrase, self._salt, self._few = phrase, salt, few

    def compile_into(self, program: Program) -> int:
        """Add the draws."""
        node = program.node(self._phrase)
        return program.wrapped(kernel.RECURRING, node, self._salt & _SALTS, self._few)


class Habit(Phrase):
    """One of several phrases, the same each time for one speaker or account; seeds do the rest."""

    def __init__(
        self, phrases: Sequence[Phrase], salt: int, by: Literal["speaker", "account"] = "speaker"
    ) -> None:
        self._phrases, self._salt, self._by = list(phrases), salt, by

    def compile_into(self, program: Program) -> int:
        """Add the choice."""
        nodes = [program.node(phrase) for phrase in self._phrases]
        return program.habit(nodes, self._salt & _SALTS, 0 if self._by == "speaker" else 1)


class Reworded(Phrase):
    """A phrase whose seed is mixed with the speaker, so that one item is worded in many ways."""

    def __init__(self, phrase: Phrase) -> None:
        self._phrase = phrase

    def compile_into(self, program: Program) -> int:
        """Add the phrase."""
        return program.wrapped(kernel.REWORDED, program.node(self._phrase))


class Typed(Phrase):
    """A phrase as its speaker types it: letter case, marks left out, slips."""

    def __init__(self, phrase: Phrase) -> None:
        self._phrase = phrase

    def compile_into(self, program: Program) -> int:
        """Add the phrase."""
        return program.wrapped(kernel.STYLED, program.node(self._phrase))


class Capital(Phrase):
    """A phrase with its first letter in upper case."""

    def __init__(self, phrase: Phrase) -> None:
        self._phrase = phrase

    def compile_into(self, program: Program) -> int:
        """Add the phrase."""
        return program.wrapped(kernel.CAPITAL, program.node(self._phrase))


class Escaped(Phrase):
    """A phrase as it stands inside a JSON string."""

    def __init__(self, phrase: Phrase) -> None:
        self._phrase = phrase

    def compile_into(self, program: Program) -> int:
        """Add the phrase."""
        return program.wrapped(kernel.ESCAPED, program.node(self._phrase))


class Shuffled(Phrase):
    """Phrases in any order; the first `always` of them always, each other with a chance."""

    def __init__(
        self, phrases: Sequence[Phrase], gap: Phrase, always: int | None = None, chance: float = 1.0
    ) -> None:
        self._phrases, self._gap = list(phrases), gap
        self._always = len(self._phrases) if always is None else always
        self._chance = round(100 * chance)

    def compile_into(self, program: Program) -> int:
        """Add the parts."""
        nodes = [(program.node(phrase), k) for k, phrase in enumerate(self._phrases)]
        return program.shuffled(nodes, self._always, self._chance, program.node(self._gap))


def coded(key: int, *lists: Sequence[str]) -> list[Phrase]:
    """Return one phrase a list, which together spell an account's number in words.

    The account's number, permuted by the key, is written in the mixed base of the lists' lengths.
    So no two of any `len(list1) * len(list2) * ...` consecutive accounts get the same words.
    """
    whole = int(np.prod([len(words) for words in lists]))
    factor = key % whole or 1
    while gcd(factor, whole) > 1:
        factor += 1
    digits: list[Phrase] = []
    divisor = 1
    for words in lists:
        digits.append(_Coded(tuple(words), divisor, whole, factor))
        divisor *= len(words)
    return digits


class _Coded(Phrase):
    def __init__(self, words: tuple[str, ...], divisor: int, whole: int, factor: int) -> None:
        self._words, self._divisor = Words(words), divisor
        self._whole, self._factor = whole, factor

    def compile_into(self, program: Program) -> int:
        return program.coded(self._words, self._divisor, self._whole, self._factor)
