"""Hidden characters must show, and nothing shown may hide."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.respond.report.safe_text import visible

ANY_TEXT = st.text(st.characters(codec=None), max_size=400)


@given(ANY_TEXT)
def test_nothing_hidden_is_left(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(ANY_TEXT, st.integers(8, 200))
def test_the_length_is_bounded(text: str, limit: int) -> None:
    # The longest spelling of one character is ⟨U+10FFFF⟩.
    assert len(visible(text, limit)) <= limit * len("⟨U+10FFFF⟩")


@given(st.text(st.characters(categories=["L", "N"]), max_size=100))
def test_ordinary_words_of_any_script_stay(text: str) -> None:
    assert visible(text) == text


def test_an_override_is_spelled_out() -> None:
    assert visible("abc\u202efdp.exe\n") == "abc⟨U+202E⟩fdp.exe⟨U+000A⟩"


def test_a_long_text_keeps_both_ends() -> None:
    shown = visible("start" + "x" * 500 + "end", 40)
    assert len(shown) == 40
    assert shown.startswith("start")
    assert shown.endswith("end")


def test_stacked_accents_are_cut_to_three() -> None:
    assert visible("a" + "\u0301" * 50) == "a" + "\u0301" * 3
