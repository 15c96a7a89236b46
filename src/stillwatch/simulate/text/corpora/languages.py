"""Guesses the language of a text: by its script, or by its small words. Crude, and enough here."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = re.compile(r"[^\W\d_]+")
_SMALL: Final = {
    "en": "the of and to is in that for you it with on this are what how be as can i my",
    "de": "der die das und ist nicht ein eine ich zu mit für auf wie von den im wir bitte",
    "es": "el los las y es que una para por con un como del lo en qué está más se",
    "fr": "le les et est une des pour dans que qui sur avec je vous au un du ce pas",
    "pt": "os as e é que uma para com um não em do da no na por mais como se você",
}
_SMALL_WORDS: Final = {name: frozenset(words.split()) for name, words in _SMALL.items()}
_SCRIPTS: Final = (
    ("ja", 0x3040, 0x30FF),
    ("ko", 0xAC00, 0xD7AF),
    ("hi", 0x0900, 0x097F),
    ("ru", 0x0400, 0x04FF),
    ("zh", 0x4E00, 0x9FFF),
)
_ENOUGH: Final = 0.15
"""Share of letters in a script that decides a text's language."""
_LOOKED_AT: Final = 400


def guess_language(text: str) -> str:
    """Return the two letters of the language that a text most likely is in; English if in doubt."""
    head = text[:_LOOKED_AT]
    if not head.isascii():
        letters = max(1, sum(letter.isalpha() for letter in head))
        for language, first, last in _SCRIPTS:
            if sum(first <= ord(letter) <= last for letter in head) >= _ENOUGH * letters:
                return language
    words = [word.lower() for word in _WORDS.findall(head)]
    hits = {name: sum(word in small for word in words) for name, small in _SMALL_WORDS.items()}
    best = max(hits, key=lambda name: (hits[name], name == "en"))
    # One stray word of another language is no reason to leave English.
    return best if hits[best] >= 2 and hits[best] > 1.3 * hits["en"] else "en"
