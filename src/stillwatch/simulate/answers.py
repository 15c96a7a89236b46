"""What the model's answers look like from outside: hashes, tokens and times, but no text."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.streams import Seeds, mix, unit

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def response_hashes(conversation: Seeds, turn: Ints) -> Ints:
    """Return the hash of the answer to each turn; no two turns have the same."""
    return _signed(mix(conversation + turn.astype(np.uint64) * np.uint64(1 << 40), 71))


def signature_hashes(conversation: Seeds, turn: Ints) -> Ints:
    """Return the hash of the signed thinking that came with each answer."""
    return _signed(mix(conversation + turn.astype(np.uint64) * np.uint64(1 << 40), 72))


def output_tokens(conversation: Seeds, turn: Ints, median: Floats) -> Ints:
    """Return the length of the answer to each turn, log-normal around its setting's median."""
    name = mix(conversation + turn.astype(np.uint64) * np.uint64(1 << 40), 73)
    tokens: Ints = np.maximum(1, median * np.exp(0.9 * _normal(name))).astype(np.int64)
    return tokens


def reasoning_tokens(conversation: Seeds, turn: Ints) -> Ints:
    """Return how long the model thought before each answer."""
    name = mix(conversation + turn.astype(np.uint64) * np.uint64(1 << 40), 74)
    tokens: Ints = np.maximum(16, 420 * np.exp(1.1 * _normal(name))).astype(np.int64)
    return tokens


def first_token_ms(name: Seeds, thought: Ints) -> Ints:
    """Return the milliseconds until the first token."""
    first: Ints = (260 * np.exp(0.5 * _normal(mix(name, 75))) + 9 * thought).astype(np.int64)
    return first


def whole_answer_ms(name: Seeds, first: Ints, tokens: Ints) -> Ints:
    """Return the milliseconds until the last token."""
    return first + (tokens * 12 * np.exp(0.25 * _normal(mix(name, 76)))).astype(np.int64)


def _normal(name: Seeds) -> Floats:
    """Return one standard normal draw for each name (Box and Muller, 1958)."""
    radius = np.sqrt(-2 * np.log(1 - unit(mix(name, 1))))
    draw: Floats = radius * np.cos(2 * np.pi * unit(mix(name, 2)))
    return draw


def _signed(values: Seeds) -> Ints:
    signed: Ints = values.view(np.int64)
    return signed
