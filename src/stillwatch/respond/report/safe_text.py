"""Text that an attacker may have chosen, made fit to be looked at on a page or a terminal."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that show nothing or steer the display: controls, bidi overrides, joiners."""

_STACKING = frozenset({"Mn", "Me"})
_MARKS_KEPT = 3


def visible(text: str, limit: int = 120) -> str:
    """Return text with hidden characters spelled out as ⟨U+202E⟩ and its middle cut at `limit`.

    Hidden characters could reverse what a reader sees, drive a terminal or break a file; spelled
    out they are evidence. More than three stacked accents on a letter are cut. Markup is not
    touched: escaping is the template's work.
    """
    if len(text) > limit:
        kept = limit - 1
        tail = kept // 4
        text = f"{text[: kept - tail]}…{text[len(text) - tail :]}"
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category in _HIDDEN:
            shown.append(f"⟨U+{ord(character):04X}⟩")
            continue
        marks = marks + 1 if category in _STACKING else 0
        if marks <= _MARKS_KEPT:
            shown.append(character)
    return "".join(shown)
