"""The same phrase is picked wherever it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.fingerprint.keys import PHRASE_WORDS
from stillwatch.fingerprint.phrases import WINDOW
from stillwatch.model.tables_between import PHRASES_KEPT
from tests.fingerprint.kernel_calls import chance_from, column_of, fingerprint_of

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)


def run_of(length: int) -> st.SearchStrategy[str]:
    return st.lists(WORDS, min_size=length, max_size=length).map(" ".join)


@given(run_of(WINDOW + PHRASE_WORDS - 1), st.lists(WORDS, max_size=3), st.lists(WORDS, max_size=3))
def test_a_shared_run_shares_a_phrase(run: str, before: list[str], after: list[str]) -> None:
    one = run
    other = " ".join([*before, run, *after])
    left, right = column_of([one, other], "phrases")
    # At most 8 + 6 shingles: winnowing keeps no more of them than a row has room for.
    assert len(right) <= PHRASES_KEPT
    assert set(left) & set(right)


def test_phrases_are_found_in_long_surroundings_in_proportion() -> None:
    chance = chance_from(7)

    def letters(length: int) -> str:
        return " ".join(
            "".join(chance.choice("abcdefghijkl") for _ in range(6)) for _ in range(length)
        )

    shared = 0
    for _ in range(300):
        run = letters(40)
        one = f"{letters(chance.randrange(40))} {run} {letters(chance.randrange(40))}"
        other = f"{letters(chance.randrange(40))} {run} {letters(chance.randrange(40))}"
        left, right = column_of([one, other], "phrases")
        shared += bool(set(left) & set(right))
    # Half the words are shared and a row keeps four phrases: 1 - (1 - J)^4 is about 0.9.
    assert shared >= 240


@given(st.lists(WORDS, max_size=40))
def test_phrases_are_few_distinct_and_sorted(words: list[str]) -> None:
    phrases = fingerprint_of(" ".join(words))["phrases"]
    unsigned = [value % (1 << 64) for value in phrases]
    assert unsigned == sorted(set(unsigned))
    assert len(phrases) <= PHRASES_KEPT
    assert bool(phrases) == (len(words) >= PHRASE_WORDS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("add 12 to the sum of all rows", "add 7,650.2 to the sum of all rows"),
        ("open main.py and read the first few lines", "open lib_x.c and read the first few lines"),
    ],
)
def test_numbers_and_addresses_are_placeholders(one: str, other: str) -> None:
    left, right = column_of([one, other], "phrases")
    assert left
    assert left == right


def test_a_table_of_numbers_is_no_phrase() -> None:
    assert fingerprint_of("1 a 2 b 3 c 4 d 5 e 6 f 7")["phrases"] == []


def test_one_phrase_over_and_over_is_one_phrase() -> None:
    assert len(fingerprint_of("so it goes on " * 50)["phrases"]) <= 4
    assert len(fingerprint_of("go " * 200)["phrases"]) == 1
