"""What equal text is, and the hashes that a deployment keeps for years: golden vectors."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.model.hashing import (
    HASH_VERSION,
    HashKey,
    canonical_json,
    canonical_text,
    from_hex,
    hash_text,
    to_hex,
    to_signed,
)

KEY = HashKey.from_text("golden key")
WHITE = " \t\n\r\v\f\u00a0\u2003\u2028\u3000"

# Whoever changes one of these changes every hash ever kept: raise HASH_VERSION, and say so.
GOLDEN = {
    "": "d3c402239ef462cf",
    "a": "f5f282e21801d116",
    "Explain step by step, please.": "f718d7278927fdab",
    "naïve café": "45244e01f3a4d05d",
    "你好，世界": "26b446fb3175e220",
    "🙂": "53de70d1a0c08401",
    "x" * 5_000: "452781ffbc295156",
}


def test_the_version_is_the_one_that_the_vectors_are_of() -> None:
    assert HASH_VERSION == 1


@pytest.mark.parametrize(("text", "digits"), list(GOLDEN.items()))
def test_golden_hashes(text: str, digits: str) -> None:
    assert to_hex(hash_text(text, KEY)) == digits


def test_golden_key() -> None:
    assert KEY.secret.hex() == "375979b74f422faf9a979348ec01ff8594213e1a43a754176c2a0306621e82bc"
    assert KEY.seed == 0x505208F12223A7B9
    assert 0 <= KEY.seed < 1 << 64


def test_another_key_makes_other_hashes() -> None:
    other = HashKey.from_text("golden key ")
    assert other.secret != KEY.secret and other.seed != KEY.seed
    assert hash_text("a", other) != hash_text("a", KEY)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("  a\t b\r\n\nc  ", "a b c"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u212b", "\u00c5"),
        ("a\u00a0b\u2003c\u3000d", "a b c d"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("ﬁ", "ﬁ"),
        (WHITE, ""),
        ("A", "A"),
    ],
)
def test_canonical_text(text: str, canonical: str) -> None:
    assert canonical_text(text) == canonical
    assert hash_text(text, KEY) == hash_text(canonical, KEY)


@given(st.text())
def test_canonical_text_is_canonical(text: str) -> None:
    once = canonical_text(text)
    assert canonical_text(once) == once
    assert canonical_text(unicodedata.normalize("NFD", text)) == once


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Z", "C", "M"]), min_size=1)))
def test_white_space_never_tells_texts_apart(words: list[str]) -> None:
    assert hash_text(f" {WHITE}".join(words) + "\n", KEY) == hash_text(" ".join(words), KEY)


@given(st.text(), st.text())
def test_texts_that_differ_have_other_hashes(one: str, two: str) -> None:
    same = canonical_text(one) == canonical_text(two)
    assert (hash_text(one, KEY) == hash_text(two, KEY)) is same


def test_a_lone_surrogate_is_hashed_and_no_crash() -> None:
    assert hash_text("\ud800", KEY) != hash_text("\ud801", KEY)


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_hex_there_and_back(value: int) -> None:
    digits = to_hex(value)
    assert len(digits) == 16 and digits == digits.lower()
    assert from_hex(digits) == from_hex(digits.upper()) == value


@given(st.integers(0, (1 << 64) - 1))
def test_signed_is_the_same_bits(value: int) -> None:
    signed = to_signed(value)
    assert -(1 << 63) <= signed < 1 << 63
    assert signed % (1 << 64) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0123456789abcde",
        "0123456789abcdef0",
        "0123456789abcdeg",
        "0x23456789abcdef",
        "+123456789abcdef",
        "-123456789abcdef",
        " 123456789abcdef",
        "0123456_89abcdef",
        "0123456789abcde\n",
        "０123456789abcdef",
    ],
)
def test_what_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="16 hex digits"):
        from_hex(text)


# The rules of RFC 8785: members by their UTF-16 code units, numbers as ECMAScript writes them,
# as few escapes as JSON allows.
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 2, "a": 1, "": 0}, '{"":0,"a":1,"b":2}'),
        ({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "1": 4}, '{"1":4,"€":3,"😀":2,"\ufb33":1}'),
        ([1.0, -0.0, 1e30, 0.002, 1e-7, 1e21, 123456789.125], None),
        ('a"\\/\b\f\n\r\t\x0f€', '"a\\"\\\\/\\b\\f\\n\\r\\t\\u000f€"'),
        ([None, True, False, {}, []], "[null,true,false,{},[]]"),
        ({"z": {"y": [{"b": 1, "a": 2}]}}, '{"z":{"y":[{"a":2,"b":1}]}}'),
    ],
)
def test_canonical_json(value: object, text: str | None) -> None:
    expected = "[1,0,1e+30,0.002,1e-7,1e+21,123456789.125]" if text is None else text
    assert canonical_json(value) == expected


@given(st.dictionaries(st.text(max_size=4), st.integers(-9, 9), max_size=6), st.randoms())
def test_equal_objects_are_equal_text(value: dict[str, int], random: object) -> None:
    items = list(value.items())
    random.shuffle(items)  # type: ignore[attr-defined] # hypothesis' random.Random
    assert canonical_json(dict(items)) == canonical_json(value)
