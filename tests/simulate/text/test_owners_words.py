"""Harvest in an owner's words: the owner's language and length, and a demand of few words."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.text.measure import RUN, runs_of
from stillwatch.simulate.streams import Seeds, mix
from stillwatch.simulate.text.grammar import Fixed
from stillwatch.simulate.text.harvest import Paraphrase, Template, asked_as_owner, templates
from stillwatch.simulate.text.languages import LANGUAGES, english
from stillwatch.simulate.text.texts import GrammarTexts

TEXTS = GrammarTexts()
ALL = ("en", *LANGUAGES)
MARK = "\N{BLACK SQUARE}"


def _seeds(count: int) -> Seeds:
    return mix(np.arange(count, dtype=np.uint64), 3)


def _template(paraphrase: Paraphrase) -> Template:
    return templates(4, 3, paraphrase, {"reasoning_mathematics": 1.0}, TEXTS)[0]


@pytest.mark.parametrize("language", ALL)
def test_a_demand_of_a_few_words_is_too_short_to_be_a_shared_phrase(language: str) -> None:
    demands = english()[f"brief_{language}"].render(_seeds(2000)).to_pylist()
    assert len(set(demands)) > 50
    assert not any(runs_of(demand, RUN) for demand in demands)


@pytest.mark.parametrize("language", ALL)
def test_a_terse_owner_asks_about_as_briefly_as_ever(language: str) -> None:
    own, who = TEXTS.everyday(language), np.arange(4000) // 20
    asked = asked_as_owner(_template("strong"), own, language, terse=True)
    usual, theirs = (
        np.array([len(text) for text in phrase.render(_seeds(4000), who, who).to_pylist()])
        for phrase in (own, asked)
    )
    assert np.all(np.quantile(theirs, [0.1, 0.5]) - np.quantile(usual, [0.1, 0.5]) < 18)
    english_too = asked_as_owner(_template("strong"), own, "en", terse=False)
    sentences = [len(t) for t in english_too.render(_seeds(4000), who, who).to_pylist()]
    assert np.median(sentences) > np.median(theirs)


@pytest.mark.parametrize("language", ALL)
def test_most_requests_ask_for_the_reasoning_and_all_hold_the_task(language: str) -> None:
    asked = asked_as_owner(_template("strong"), Fixed(MARK), language, terse=True)
    texts = asked.render(_seeds(3000), np.arange(3000)).to_pylist()
    assert all(MARK in text for text in texts)
    assert np.mean([text == MARK for text in texts]) == pytest.approx(2 / 7, abs=0.04)
    assert len(set(texts)) > 100


def test_an_account_of_its_own_wording_keeps_its_few_words() -> None:
    template = _template("per_account")
    for account in (7, 8):
        asked = asked_as_owner(template, Fixed(MARK), "de", terse=True)
        texts = asked.render(_seeds(300), np.full(300, 5), np.full(300, account)).to_pylist()
        # After the task, before it and below it; now and then with a slip of the pen.
        assert len({text.lower() for text in texts}) < 40


def test_an_english_owner_who_writes_much_gets_the_whole_template() -> None:
    texts = asked_as_owner(_template("strong"), Fixed(MARK), "en", terse=False)
    lengths = [len(text) for text in texts.render(_seeds(500), np.arange(500)).to_pylist()]
    assert np.median(lengths) > 40
