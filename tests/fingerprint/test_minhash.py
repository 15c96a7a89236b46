"""The MinHash estimate tracks the true similarity within its stated error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.fingerprint import jaccard_estimate
from stillwatch.fingerprint.keys import SHINGLE_WORDS
from stillwatch.model.tables_between import MINHASH_BINS
from tests.fingerprint.kernel_calls import chance_from, column_of, fingerprint_of


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    length = min(SHINGLE_WORDS, len(words))
    return {tuple(words[k : k + length]) for k in range(len(words) - length + 1)}


def pairs(count: int, sizes: tuple[int, int]) -> list[tuple[list[str], list[str]]]:
    """Return pairs of texts of which one is the other with some runs replaced."""
    chance = chance_from(3)
    made = []
    for _ in range(count):
        words = [
            f"w{chance.choice('abcdef')}{chance.randrange(5000)}"
            for _ in range(chance.randint(*sizes))
        ]
        other = list(words)
        for _ in range(chance.randrange(8)):
            at = chance.randrange(len(other))
            width = chance.randrange(1, 1 + len(other) // 6)
            other[at : at + width] = [f"v{chance.randrange(5000)}" for _ in range(width)]
        made.append((words, other))
    return made


@pytest.mark.parametrize(("sizes", "slack"), [((60, 400), 1.0), ((8, 25), 1.5)])
def test_the_estimate_tracks_the_true_similarity(sizes: tuple[int, int], slack: float) -> None:
    drawn = pairs(600, sizes)
    cells = column_of([" ".join(text) for pair in drawn for text in pair], "minhash")
    errors = []
    scaled = []
    for place, (one, other) in enumerate(drawn):
        left, right = shingles(one), shingles(other)
        true = len(left & right) / len(left | right)
        error = jaccard_estimate(cells[2 * place], cells[2 * place + 1]) - true
        errors.append(error)
        if 0.05 < true < 0.95:
            scaled.append(error / math.sqrt(true * (1 - true) / MINHASH_BINS))
    assert abs(float(np.mean(errors))) < 0.02
    assert float(np.sqrt(np.mean(np.square(scaled)))) < 1.15 * slack
    assert len(scaled) > 200


@given(st.lists(st.sampled_from(["red", "green", "blue", "grey"]), min_size=1, max_size=30))
def test_the_same_shingles_make_the_same_cell(words: list[str]) -> None:
    one = fingerprint_of(" ".join(words))["minhash"]
    assert jaccard_estimate(one, one) == 1
    assert fingerprint_of("; ".join(words).upper())["minhash"] == one


def test_unrelated_texts_are_about_nothing_alike() -> None:
    texts = [" ".join(f"x{row}y{k}" for k in range(50)) for row in range(100)]
    cells = column_of(texts, "minhash")
    estimates = [jaccard_estimate(cells[k], cells[k + 1]) for k in range(99)]
    assert float(np.mean(estimates)) < 0.01


def test_one_word_has_a_cell_of_one_byte_over_and_over() -> None:
    cell = fingerprint_of("hello")["minhash"]
    assert len(cell) == MINHASH_BINS
    assert len(set(cell)) == 1
    assert jaccard_estimate(np.frombuffer(cell, dtype=np.uint8), cell) == 1


def test_a_cell_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="24 bytes"):
        jaccard_estimate(b"short", b"short")
