"""Repeated text that is innocent: pipelines and assignments, and how such text is made.

Each is drawn once from its names and then stays but for what changes from request to
request, so their number grows with the crowd that has them.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from stillwatch.simulate.streams import generator, key_of
from stillwatch.simulate.text.grammar import Fixed, Mixture, Parts, Phrase
from stillwatch.simulate.text.languages import english

_PIPELINE_ITEMS: Final = {
    "sentence": 0.4,
    "paragraph": 0.25,
    "article": 0.15,
    "log_block": 0.08,
    "table": 0.06,
    "json_block": 0.06,
}


@cache
def pipeline(*names: str | int) -> Phrase:
    """Return the one prompt that a pipeline sends for ever, with a new item in it each time."""
    rng = generator("pipeline-text", *names)
    item = str(rng.choice(list(_PIPELINE_ITEMS), p=list(_PIPELINE_ITEMS.values())))
    return frozen("pipeline", key_of("pipeline", *names), item)


@cache
def assignment(*names: str | int) -> Phrase:
    """Return how students of one class put one assignment to the model."""
    book = english()
    sheet = Fixed(drawn("sheet", key_of("assignment", *names)))
    talk, attempt = book["homework_talk"], book["attempt"]
    return Mixture(
        [
            (5, sheet),
            (5, Parts([("", sheet, 0), ("\n\n", talk, 1)])),
            (5, Parts([("", talk, 1), ("\n", sheet, 0)])),
            (2, Parts([("", sheet, 0), ("\nMy attempt so far:\n", attempt, 1)])),
        ]
    )


def frozen(rule: str, key: int, item: str | Phrase) -> Phrase:
    """Return a rule drawn once, with only its open slots left to draw.

    `item` is what the slot of that name holds: a rule's name or a phrase.
    """
    phrase = english()[item] if isinstance(item, str) else item
    return english().template(drawn(rule, key), item=phrase)


def drawn(rule: str, key: int) -> str:
    """Return a rule drawn once; slots in double braces stay open in it."""
    return str(english()[rule].render(np.array([key], np.uint64))[0].as_py())
