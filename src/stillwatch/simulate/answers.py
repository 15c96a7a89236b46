"""What the model's answers look like from outside: hashes, tokens and times, but no text."""

from __future__ import annotations

import numpy as np

from stillwatch.simulate.arrivals import Arrivals, Floats, Ints, normal
from stillwatch.simulate.streams import Seeds, mix


def response_hashes(conversation: Seeds, turn: Ints) -> Ints:
    """Return the hash of the answer to each turn; no two turns have the same."""
    return _signed(mix(conversation + turn.astype(np.uint64) * np.uint64(1 << 40), 71))


def signature_hashes(conversation: Seeds, turn: Ints) -> Ints:
    """Return the hash of the signed thinking that came with each answer."""
    return _signed(mix(conversation + turn.astype(np.uint64) * np.uint64(1 << 40), 72))


def output_tokens(conversation: Seeds, turn: Ints, median: Floats, arrivals: Arrivals) -> Ints:
    """Return the length of the answer to each turn, spread around its setting's median."""
    name = mix(conversation + turn.astype(np.uint64) * np.uint64(1 << 40), 73)
    tokens: Ints = np.maximum(1, median * arrivals.answer_factors(name)).astype(np.int64)
    return tokens


def context_tokens(conversation: Seeds, median: Floats, arrivals: Arrivals) -> Ints:
    """Return how much comes along with each conversation's requests beside prompt and answers."""
    tokens: Ints = (median * arrivals.context_factors(mix(conversation, 77))).astype(np.int64)
    return tokens


def reasoning_tokens(conversation: Seeds, turn: Ints) -> Ints:
    """Return how long the model thought before each answer."""
    name = mix(conversation + turn.astype(np.uint64) * np.uint64(1 << 40), 74)
    tokens: Ints = np.maximum(16, 420 * np.exp(1.1 * normal(name))).astype(np.int64)
    return tokens


def first_token_ms(name: Seeds, thought: Ints) -> Ints:
    """Return the milliseconds until the first token."""
    first: Ints = (260 * np.exp(0.5 * normal(mix(name, 75))) + 9 * thought).astype(np.int64)
    return first


def whole_answer_ms(name: Seeds, first: Ints, tokens: Ints) -> Ints:
    """Return the milliseconds until the last token."""
    return first + (tokens * 12 * np.exp(0.25 * normal(mix(name, 76)))).astype(np.int64)


def _signed(values: Seeds) -> Ints:
    signed: Ints = values.view(np.int64)
    return signed
