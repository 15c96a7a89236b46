"""Hashes of columns of text are equal exactly where the canonical texts are."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.model.hashing import canonical_text
from stillwatch.simulate.text_hashes import text_hashes

_BLANKS = (
    " \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000"
)
_TEXT = st.text(
    st.sampled_from("ab\u00e9\u00c2\u200b\u4e2d\u3001\U0001f600" + _BLANKS), max_size=24
)


@given(st.lists(_TEXT, min_size=2, max_size=12))
def test_equal_canonical_texts_and_no_others_have_equal_hashes(texts: list[str]) -> None:
    hashes = text_hashes(pa.array(texts, pa.string()), 7).tolist()
    canonical = [canonical_text(text) for text in texts]
    assert len(set(zip(canonical, hashes, strict=True))) == len(set(canonical)) == len(set(hashes))


@given(st.text(max_size=40))
def test_folding_white_space_changes_nothing(text: str) -> None:
    words = text.split()
    variants = [" ".join(words), "\n\n".join(words), "  " + "\t ".join(words) + "\u3000"]
    assert len(set(text_hashes(pa.array(variants, pa.string()), 7).tolist())) == 1


def test_a_hash_depends_on_the_key_and_not_on_the_place_in_the_column() -> None:
    column = pa.array(["", "x", "some words of a prompt", "x"])
    hashes = text_hashes(column, 7)
    assert hashes[1] == hashes[3]
    assert text_hashes(column.slice(2, 1), 7)[0] == hashes[2]
    assert (text_hashes(column, 8) != hashes).all()
