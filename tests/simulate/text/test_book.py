"""Grammar files: what each mark in a slot does."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.errors import InputError
from stillwatch.simulate.streams import Seeds, mix
from stillwatch.simulate.text.book import Book
from stillwatch.simulate.text.languages import LANGUAGES, chat, english
from stillwatch.simulate.text.program import Script


def _texts(template: str, count: int = 400, speakers: int = 1) -> list[str]:
    seeds: Seeds = mix(np.arange(count, dtype=np.uint64), 7)
    who = np.arange(count) % speakers
    texts: list[str] = english().template(template).render(seeds, who, who).to_pylist()
    return texts


def test_a_slot_named_twice_holds_one_text_and_numbered_slots_differ() -> None:
    split = [text.split("|") for text in _texts("{name}|{name}|{name2}")]
    assert all(first == again for first, again, _ in split)
    assert sum(first == other for first, _, other in split) < 40


def test_optional_slots_come_as_often_as_they_say_with_what_stands_around_them() -> None:
    texts = _texts("a{ name?25, }b", 4000)
    assert {text[1] for text in texts} == {"b", " "}
    assert sum(text == "ab" for text in texts) == pytest.approx(3000, abs=150)
    assert all(text.endswith(", b") for text in texts if text != "ab")


def test_ranges_hexadecimals_and_passages() -> None:
    assert {int(text) for text in _texts("{3..9}")} == set(range(3, 10))
    assert all(len(text) == 8 and int(text, 16) >= 0 for text in _texts("{#8}"))
    counts = [text.count("\n") + 1 for text in _texts("{month*2..5/}", 2000)]
    assert (min(counts), max(counts)) == (2, 5)
    tail = [text.count("\n") + 1 for text in _texts("{month*2..200~1.1/}", 4000)]
    assert np.median(tail) < 6 and max(tail) > 60


def test_a_speakers_slots_stay_and_recurring_slots_come_up_again_within_a_text() -> None:
    texts = _texts("{@surname}", 400, speakers=4)
    assert [set(texts[k::4]) for k in range(4)] == [{texts[k]} for k in range(4)]
    different = [len(set(text.split())) for text in _texts("{noun*60..60}")]
    again = english().template("{again*60..60}", again=english().template("{&noun}"))
    few = [len(set(text.split())) for text in again.render(mix(np.arange(50), 1)).to_pylist()]
    assert min(different) > 30
    assert max(few) <= 8


def test_braces_line_breaks_and_capitals() -> None:
    assert set(_texts(r"{{a}}\n\sb")) == {"{a}\n b"}
    assert all(text[0].isupper() for text in _texts("{^noun}"))


def test_open_slots_can_be_filled_from_outside() -> None:
    phrase = english().template("<{item}>", item=english()["month"])
    assert all(
        t[0] == "<" and t[-1] == ">" for t in phrase.render(mix(np.arange(9), 1)).to_pylist()
    )


@pytest.mark.parametrize("template", ["{no_such_rule}", "{a b}", "{3..}"])
def test_what_cannot_be_read_is_refused(template: str) -> None:
    with pytest.raises(InputError):
        english().template(template)


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_every_rule_of_every_language_can_be_rendered(language: str) -> None:
    book: Book = english() if language == "en" else chat(language)
    # The wordings of an account's own hold a slot that only the harvest fills.
    names = [name for name in book if not any("{code}" in text for text in book.words(name))]
    for name in names:
        assert book[name] is book[name]
    script = Script([book[name] for name in names])
    rows = np.arange(3 * len(names))
    texts = script.render(rows % len(names), mix(rows, 1)).to_pylist()
    assert len(texts) == len(rows) and sum(bool(text) for text in texts) > 0.9 * len(rows)
