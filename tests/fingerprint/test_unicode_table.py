"""The pinned Unicode table says the same as Python's own, where both know a code point."""

from __future__ import annotations

import unicodedata

import pytest

from stillwatch.fingerprint import unicode_table
from stillwatch.fingerprint.unicode_table import (
    ALONE,
    COMPOSES_BIT,
    DIGIT,
    FOLDED_BITS,
    IGNORED,
    LETTER,
    MARK,
    SENTENCE_END,
    SEPARATOR,
    TABLE_SIZE,
    UPPER_BIT,
    load_points,
)


def kind_of(point: int) -> int:
    return int(load_points()[point]) >> FOLDED_BITS & 7


def test_letters_marks_and_numbers_of_every_assigned_code_point() -> None:
    wrong = []
    for point in range(TABLE_SIZE):
        category = unicodedata.category(chr(point))
        kind = kind_of(point)
        # Newer Pythons know code points that the pinned table leaves apart.
        if category in ("Cn", "Cs", "Co") or (kind == SEPARATOR and category != "Lo"):
            continue
        expected = {
            "L": {LETTER, ALONE},
            "M": {MARK, IGNORED},
            "N": {DIGIT, ALONE},
            "C": {IGNORED},
            "P": {SENTENCE_END},
        }.get(category[0], {SEPARATOR})
        if kind != SEPARATOR and kind not in expected:
            wrong.append((hex(point), category, kind))
    assert not wrong


def test_ascii_and_common_scripts_fold() -> None:
    points = load_points()
    for text in "AZÀÉÑÖŁŠĐΑΩЖЯІЎԱႠꭰ":
        folded = int(points[ord(text)]) & 0x1FFFFF
        assert chr(folded) == text.casefold()
        assert int(points[ord(text)]) & UPPER_BIT or text == "ꭰ"


@pytest.mark.parametrize("text", ["中", "あ", "カ", "ก", "ກ", "ក", "က", "ㄅ", "々"])
def test_scripts_without_spaces_stand_alone(text: str) -> None:
    assert kind_of(ord(text)) == ALONE


@pytest.mark.parametrize("text", ["한", "ا", "א", "अ", "ა", "አ"])
def test_scripts_with_spaces_do_not(text: str) -> None:
    assert kind_of(ord(text)) == LETTER


def test_whatever_changes_under_nfc_is_marked() -> None:
    points = load_points()
    unmarked = [
        hex(point)
        for point in range(TABLE_SIZE)
        if not 0xD800 <= point <= 0xDFFF
        and unicodedata.normalize("NFC", chr(point)) != chr(point)
        and not int(points[point]) & COMPOSES_BIT
    ]
    assert not unmarked


def test_the_committed_table_is_what_its_writer_writes() -> None:
    text = unicode_table.describe()
    committed = unicode_table._PATH.read_text(encoding="ascii")
    if text.partition(":")[0] != committed.partition(":")[0]:
        pytest.skip("this Python has another version of Unicode than the committed table")
    assert text == committed
