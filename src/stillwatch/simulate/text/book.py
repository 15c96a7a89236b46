"""Reads grammars kept as data: `grammars/NAME.txt`, rules of alternatives with slots.

A file is rules. `[rule]` begins one whose alternatives are the lines after it; `[rule,]` begins a
list of words between commas; `[rule*9000]` is drawn 9000 times beforehand, for speed, and one of
those texts is used each time. `3| text` weighs an alternative three times. `;;` begins a comment.
In a text, `\\n` is a line break, `\\s` a space, `\\e` nothing, `{{` and `}}` braces.

A slot is a rule's name, with marks before and after it:

- `{topic}`, `{topic2}`: two draws of one rule; the same slot twice in one alternative is one text.
- `{ topic?40}`: with a chance of 40 in 100, with what stands around the name; otherwise nothing.
- `{&topic}` is one of eight draws that belong to the whole text, so that it may come up again.
- `{@topic}` depends on the speaker and not on the seed, `{%topic}` on the account.
- `{^topic}` begins with a capital letter. `{~topic}` is typed as the speaker types.
- `{topic*2..9}` is between 2 and 9 renderings, joined by spaces, `{topic*2..9/}` by line breaks,
  `{topic*2..9+}` by nothing. `{topic*2..90~1.2}` has a Pareto tail of exponent 1.2.
- `{3..80}` is a whole number, `{#8}` eight hexadecimal digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Final

from stillwatch.errors import InputError
from stillwatch.simulate.streams import key_of
from stillwatch.simulate.text.grammar import (
    Capital,
    Fixed,
    Hexadecimal,
    Mixture,
    Numbers,
    OneOf,
    Parts,
    Passage,
    Phrase,
    Recurring,
    Stock,
    Typed,
    Voiced,
)

_HEADER: Final = re.compile(r"\[([a-z_]+)(,?)(?:\*(\d+))?\]")
_WEIGHT: Final = re.compile(r"(\d+)\|\s?")
_SLOT: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_NAMED: Final = re.compile(
    r"(?P<before>[^\w@%^~&{}]*)(?P<marks>[@%^~&]*)(?P<name>[a-z_]+)(?P<draw>\d*)"
    r"(?:\*(?P<low>\d+)\.\.(?P<high>\d+)(?:~(?P<tail>[\d.]+))?(?P<join>[/+]?))?"
    r"(?:\?(?P<chance>\d+))?(?P<after>[^\w{}]*)"
)
_RANGE: Final = re.compile(r"(\d+)\.\.(\d+)")
_HEX: Final = re.compile(r"#(\d+)")
_ESCAPE: Final = re.compile(r"\\([nse\\])")
_ESCAPED: Final = {"n": "\n", "s": " ", "e": "", "\\": "\\"}
_LONG_LIST: Final = 100_000
_NONE: Final[dict[str, Phrase]] = {}
_JOINERS: Final = {"": " ", "/": "\n", "+": ""}


class Book(Mapping[str, Phrase]):
    """The rules of some files by name; each becomes a phrase when it is first asked for.

    A rule that these files lack is looked for in the book that they are based on. Raises
    InputError for a line that cannot be read, an unknown rule or one that contains itself.
    """

    def __init__(self, names: Sequence[str], base: Book | None = None) -> None:
        self._rules: dict[str, list[tuple[float, str]]] = {}
        self._stocks: dict[str, int] = {}
        self._source, self._base = " + ".join(names), base
        for name in names:
            source = f"grammars/{name}.txt"
            text = (files(__package__) / "grammars" / f"{name}.txt").read_text(encoding="utf-8")
            rules, stocks = _read(text, source)
            if twice := sorted(set(rules) & set(self._rules)):
                raise InputError(f"rule {twice[0]!r} stands in another file too", source=source)
            self._rules |= rules
            self._stocks |= stocks
        self._phrases: dict[str, Phrase] = {}
        self._open: list[str] = []

    def __getitem__(self, name: str) -> Phrase:
        if name not in self._phrases:
            if name not in self._rules and self._base is not None:
                return self._base[name]
            if name not in self._rules:
                raise InputError(f"no rule called {name!r}", source=self._source)
            if name in self._open:
                raise InputError(f"rule {name!r} contains itself", source=self._source)
            self._open.append(name)
            phrase = self._rule(self._rules[name])
            if name in self._stocks:
                phrase = Stock(phrase, self._stocks[name], key_of("stock", name))
            self._phrases[name] = phrase
            self._open.pop()
        return self._phrases[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def words(self, name: str) -> list[str]:
        """Return the alternatives of a rule that has no slots."""
        return [_unescaped(text) for _, text in self._rules[name]]

    def template(self, text: str, **slots: Phrase) -> Phrase:
        """Return the phrase of one text with slots, as if it stood in the file.

        The given slots come before rules of the same name.
        """
        return self._alternative(text, slots)

    def _rule(self, alternatives: list[tuple[float, str]]) -> Phrase:
        if len(alternatives) == 1:
            return self._alternative(alternatives[0][1])
        total = sum(weight for weight, _ in alternatives)
        if total < _LONG_LIST and not any("{" in text or "}" in text for _, text in alternatives):
            # A word that stands there several times is drawn faster than weights are looked up.
            words = [_unescaped(text) for w, text in alternatives for _ in range(int(w))]
            return OneOf(words, even=False)
        return Mixture([(weight, self._alternative(text)) for weight, text in alternatives])

    def _alternative(self, text: str, slots: Mapping[str, Phrase] = _NONE) -> Phrase:
        parts: list[tuple[str, Phrase | None, int]] = []
        literal, end = "", 0
        for found in _SLOT.finditer(text):
            literal += _unescaped(text[end : found.start()])
            end = found.end()
            if found[1] is None:
                literal += found[0][0]
                continue
            phrase, salt = self._slot(found[1], len(parts), slots)
            parts.append((literal, phrase, salt))
            literal = ""
        literal += _unescaped(text[end:])
        if not parts:
            return Fixed(literal)
        if literal:
            parts.append((literal, None, 0))
        return Parts(parts)

    def _slot(self, slot: str, place: int, slots: Mapping[str, Phrase]) -> tuple[Phrase, int]:
        if found := _RANGE.fullmatch(slot):
            return Numbers(int(found[1]), int(found[2])), place
        if found := _HEX.fullmatch(slot):
            return Hexadecimal(int(found[1])), place
        found = _NAMED.fullmatch(slot)
        if not found:
            raise InputError(f"cannot read the slot {{{slot}}}", source=self._source)
        phrase = slots[found["name"]] if found["name"] in slots else self[found["name"]]
        salt = key_of(found["name"], found["draw"])
        if found["high"]:
            shape = -float(found["tail"]) if found["tail"] else 2.5
            phrase = Passage(
                phrase, int(found["low"]), int(found["high"]), _JOINERS[found["join"]], shape
            )
        for mark in found["marks"]:
            if mark == "^":
                phrase = Capital(phrase)
            elif mark == "~":
                phrase = Typed(phrase)
            elif mark == "&":
                phrase = Recurring(phrase, key_of(found["name"]) >> 2)
            else:
                phrase = Voiced(phrase, salt >> 2, "speaker" if mark == "@" else "account")
        before, after = _unescaped(found["before"]), _unescaped(found["after"])
        if before or after:
            phrase = Parts([(before, phrase, 1), (after, None, 0)])
        if found["chance"]:
            chance = int(found["chance"])
            phrase = Mixture([(chance, phrase), (100 - chance, Fixed(""))])
        return phrase, salt


def _read(text: str, source: str) -> tuple[dict[str, list[tuple[float, str]]], dict[str, int]]:
    rules: dict[str, list[tuple[float, str]]] = {}
    stocks: dict[str, int] = {}
    current: list[tuple[float, str]] | None = None
    listed = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith(";;"):
            continue
        if header := _HEADER.fullmatch(line):
            if header[1] in rules:
                raise InputError(f"rule {header[1]!r} twice", source=source, line=number)
            current, listed = rules.setdefault(header[1], []), bool(header[2])
            if header[3]:
                stocks[header[1]] = int(header[3])
        elif current is None:
            raise InputError("a rule begins with its [name]", source=source, line=number)
        elif listed:
            current += [(1.0, word.strip()) for word in line.split(",") if word.strip()]
        else:
            weight = _WEIGHT.match(line)
            text_of = line[weight.end() :] if weight else line
            current.append((float(weight[1]) if weight else 1.0, text_of))
    for name, alternatives in rules.items():
        if not alternatives:
            raise InputError(f"rule {name!r} is empty", source=source)
    return rules, stocks


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPED[found[1]], text)
