"""Prompts that go round: many strangers send one wording with a few words of their own in it."""

from __future__ import annotations

from functools import cache

from stillwatch.simulate.streams import key_of
from stillwatch.simulate.text.grammar import Mixture, Phrase
from stillwatch.simulate.text.languages import english
from stillwatch.simulate.text.workloads import drawn


@cache
def fashion(*names: str | int) -> Phrase:
    """Return one prompt that went round, in three versions of it."""
    words = drawn("viral", key_of("viral", *names))
    sentences = words.split(". ")
    shorter = ". ".join(sentences[:-1]) + "." if len(sentences) > 2 else words
    longer = f"Please read carefully. {words} Begin now."
    book = english()
    return Mixture(
        [(7, book.template(words)), (2, book.template(shorter)), (1, book.template(longer))]
    )
