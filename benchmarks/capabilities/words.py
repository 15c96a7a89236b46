"""Prompts as sets of words and runs of words, as the kernel would see them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

LONGEST_RUN: Final = 3
"""Words of the longest entry that training looks for."""
READ: Final = 600
"""Words of a prompt that training reads."""
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MARKS: Final = {"'": None, "’": None}


def words_of(text: str) -> list[str]:
    """Return a prompt's words, folded, apostrophes skipped."""
    return [word.casefold().translate(str.maketrans(_MARKS)) for word in _WORD.findall(text)][:READ]


def runs_of(words: Sequence[str], longest: int) -> set[str]:
    """Return every run of one word up to so many, each once."""
    return {
        " ".join(words[at : at + length])
        for length in range(1, longest + 1)
        for at in range(len(words) - length + 1)
    }


def marks_of(text: str, words: Sequence[str]) -> set[str]:
    """Return which of the kernel's marks a prompt bears, nearly as the kernel finds them."""
    marks = set()
    if "```" in text:
        marks.add("@fence")
    if re.search(r'[{\[]\s*"[^"]*"\s*[:,\]]', text):
        marks.add("@json")
    digits = sum(any(c.isdigit() for c in word) for word in words)
    if digits >= 2 and digits * 25 >= len(words):
        marks.add("@numbers")
    return marks
