"""The second pass over the words: what is left of a prompt when its variable parts are gone.

A campaign wraps each item of its queue in a template. Numbers, names, quotations, code, addresses
and JSON vary with the item; the words around them do not.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.fingerprint.jit import part
from stillwatch.fingerprint.keys import (
    HEAD_SEED,
    PROMPT_SEED,
    TAIL_SEED,
    TEMPLATE_SEED,
)
from stillwatch.fingerprint.mixing import absorb, finish
from stillwatch.fingerprint.surroundings import (
    AFTER_SPACE,
    HAS_CAPITAL,
    HAS_DIGIT,
    IN_SPAN,
    IN_TOKEN,
    STARTS_SENTENCE,
)

EDGE_WORDS: Final = 8
"""Stable words of a head or tail."""
LEAST_WORDS_FOR_EDGES: Final = 12
"""A shorter prompt has neither head nor tail, so that short prompts share nothing by accident."""
LEAST_STABLE_WORDS: Final = 4
"""A prompt with fewer words beside its variable parts has no template."""


@part
def _hash_run(hashes: Any, first: int, last: int, seed: np.uint64) -> np.uint64:
    """Return the hash of the words from `first` to before `last`."""
    state = seed
    for k in range(first, last):
        state = absorb(state, hashes[k])
    return finish(state)


@part
def is_variable(flags: Any, count: int, at: int) -> bool:
    """Return whether a word belongs to what varies from one use of a template to the next.

    A capitalised word is a name unless it starts a sentence; there it is one only if the next
    word is capitalised as well.
    """
    about = flags[at]
    named = HAS_CAPITAL | AFTER_SPACE
    after = flags[at + 1] if at + 1 < count else 0
    name_follows = after & (named | STARTS_SENTENCE) == named
    is_name = about & HAS_CAPITAL != 0 and (about & STARTS_SENTENCE == 0 or name_follows)
    return is_name or about & (HAS_DIGIT | IN_SPAN | IN_TOKEN) != 0


@part
def write_keys(
    hashes: Any, flags: Any, count: int, numbers: Any, stable: Any, keys: Any, present: Any
) -> None:
    """Write prompt hash, template, head and tail to `keys`, and which of them there are.

    `stable` is scratch. A template is its stable words: what varies may also be absent.
    """
    prompt = numbers[PROMPT_SEED]
    template = numbers[TEMPLATE_SEED]
    length = 0
    for k in range(count):
        word = hashes[k]
        prompt = absorb(prompt, word)
        variable = is_variable(flags, count, k)
        # Written and counted without a branch: what is variable is hard to predict.
        stable[length] = word
        length += not variable
        template = template if variable else absorb(template, word)
    keys[0] = np.int64(finish(prompt))
    present[0] = count > 0
    keys[1] = np.int64(finish(template))
    present[1] = length >= LEAST_STABLE_WORDS
    edges = count >= LEAST_WORDS_FOR_EDGES and length >= EDGE_WORDS
    present[2] = edges
    present[3] = edges
    if edges:
        keys[2] = np.int64(_hash_run(stable, 0, EDGE_WORDS, numbers[HEAD_SEED]))
        keys[3] = np.int64(_hash_run(stable, length - EDGE_WORDS, length, numbers[TAIL_SEED]))


@part
def hash_without_digits(hashes: Any, flags: Any, count: int, seed: np.uint64) -> np.uint64:
    """Return the hash of the words that hold no digit: a software family without its versions."""
    state = seed
    for k in range(count):
        if not flags[k] & HAS_DIGIT:
            state = absorb(state, hashes[k])
    return finish(state)
