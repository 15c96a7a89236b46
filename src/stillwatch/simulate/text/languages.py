"""The languages that people write in: English, which holds all that is shared, and the others."""

from __future__ import annotations

from functools import cache
from typing import Final

from stillwatch.simulate.text.book import Book

LANGUAGES: Final = ("de", "es", "fr", "hi", "ja", "ko", "pt", "ru", "zh")
"""Languages beside English with a grammar."""

_ENGLISH: Final = (
    "english_words",
    "common",
    "english",
    "english_chat",
    "tasks",
    "workloads",
    "system_prompts",
    "harvest_words",
    "harvest",
    "owners",
    "lookalikes",
)


@cache
def english() -> Book:
    """Return the English rules, with names, program text and all else that languages share."""
    return Book(_ENGLISH)


@cache
def chat(language: str) -> Book:
    """Return the rules of one language, beside the shared ones.

    Raises KeyError for a language that has no grammar.
    """
    if language not in LANGUAGES:
        raise KeyError(f"no grammar for the language {language!r}")
    return Book(["chat_frame", f"chat_{language}"], base=english())
