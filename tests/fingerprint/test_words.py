"""What is one word, in every script; checked against a slow reader written differently."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.fingerprint import fingerprint_text
from tests.fingerprint.kernel_calls import KEY, column_of, fingerprint_of

SPACELESS = ["THAI", "LAO", "KHMER", "MYANMAR", "HIRAGANA", "KATAKANA", "CJK UNIFIED", "BOPOMOFO"]


def slow_words(text: str) -> list[str]:
    """Return the words of a text in NFC, one character at a time."""
    words: list[str] = []
    word = ""
    alone = False
    text = unicodedata.normalize("NFC", text)
    for place, letter in enumerate(text):
        category = unicodedata.category(letter)
        following = text[place + 1 : place + 2]
        if category == "Cf" or 0xFE00 <= ord(letter) <= 0xFE0F:
            continue
        if category[0] == "M":
            word += letter if word else ""
            continue
        by_itself = category[0] in "LN" and any(
            unicodedata.name(letter, "").startswith(script) for script in SPACELESS
        )
        if letter in "'’" and word and not alone and following.isascii() and following.isalnum():
            continue
        if (category[0] not in "LN" or by_itself or alone) and word:
            words.append(word)
            word = ""
        if category[0] in "LN":
            word += letter.casefold() if len(letter.casefold()) == 1 else letter.lower()
            alone = by_itself
    return [*words, word] if word else words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("word", 1),
        ("Hello, world!", 2),
        ("...!?—", 0),
        ("don't stop", 2),
        ("don’t stop", 2),
        ("'quoted'", 1),
        ("🙂🙃 🏳️‍🌈", 0),
        ("a🙂b", 2),
        ("中文测试", 4),
        ("GPT模型2号", 5),
        ("ひらがな", 4),
        ("สวัสดี", 4),
        ("שלום עולם", 2),
        ("مرحبا بالعالم", 2),
        ("한국어 문장", 2),
        ("\u0301\u0302", 0),
        ("e\u0301te\u0301", 1),
        ("zero\u200bwidth", 1),
        ("non\u00a0breaking", 2),
        ("snake_case", 2),
        ("supercalifragilisticexpialidocious", 1),
        ("x" * 8 + " " + "y" * 16 + " " + "z" * 17, 3),
    ],
)
def test_words_are_counted(text: str, count: int) -> None:
    assert fingerprint_of(text)["words"] == count


LETTERS = st.sampled_from("aBzZ09 '’.,_-/é éÉÀñßΣςЖя中文あアกำי ॐनि한\u0301\u200d\u00ad🙂\n\t\"“”!")


@given(st.text(LETTERS, max_size=60))
def test_the_slow_reader_finds_the_same_words(text: str) -> None:
    words = slow_words(text)
    plain = " | ".join(words)
    assert fingerprint_of(text)["words"] == len(words)
    assert fingerprint_of(text)["prompt_hash"] == fingerprint_of(plain)["prompt_hash"]


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    row = fingerprint_of(text)
    assert (row["prompt_hash"] is None) == (row["words"] == 0)
    assert len(row["phrases"]) <= 4


@given(st.lists(st.text(LETTERS, max_size=30), min_size=1, max_size=8))
def test_a_text_does_not_depend_on_what_lies_beside_it(texts: list[str]) -> None:
    together = fingerprint_text(pa.array(texts), KEY).to_pylist()
    assert together == [fingerprint_of(text) for text in texts]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Write a poem", "write   A\n\npoem!!!"),
        ("Écris un poème", "E\u0301cris un poe\u0300me"),
        ("Å", "\u212b"),
        ("Ärger im Büro", "ÄRGER IM BÜRO"),
        ("ПРИВЕТ мир", "привет, Мир"),
        ("don't", "don’t"),
        ("q\u0323\u0307 x", "q\u0307\u0323 x"),
    ],
)
def test_case_space_marks_and_form_do_not_matter(one: str, other: str) -> None:
    assert fingerprint_of(one)["prompt_hash"] == fingerprint_of(other)["prompt_hash"]


def test_words_order_and_boundaries_matter() -> None:
    texts = ["a b c", "a c b", "ab c", "a bc", "abc", "a b c c", "á b c", "abcdefgh i", "abcdefghi"]
    assert len(set(column_of(texts, "prompt_hash"))) == len(texts)


def test_invalid_utf8_is_read_without_leaving_the_row() -> None:
    offsets = pa.py_buffer(b"\0\0\0\0\x03\0\0\0\x06\0\0\0")
    broken = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(b"ab\xf0\x9f\x99\x82"))
    rows = fingerprint_text(broken, KEY).to_pylist()
    assert [row["words"] for row in rows] == [1, 0]
