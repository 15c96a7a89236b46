"""The grammar as a source of requests: rich, alike over languages, heavy-tailed, reproducible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.text.measure import compression, runs_of, shared_runs
from stillwatch.model.vocabulary import CAPABILITIES
from stillwatch.simulate.streams import Seeds, mix
from stillwatch.simulate.text.evaluations import FORMS
from stillwatch.simulate.text.grammar import Phrase
from stillwatch.simulate.text.languages import LANGUAGES
from stillwatch.simulate.text.program import Script
from stillwatch.simulate.text.texts import GrammarTexts

TEXTS = GrammarTexts()
ALL = ("en", *LANGUAGES)


def _seeds(count: int, salt: int = 1) -> Seeds:
    return mix(np.arange(count, dtype=np.uint64), salt)


def _of(phrase: Phrase, count: int, each: int = 20) -> tuple[list[str], list[int]]:
    owners = np.arange(count) // each
    return phrase.render(_seeds(count), owners, owners).to_pylist(), owners.tolist()


_SCRIPT = Script([TEXTS.everyday("en"), TEXTS.everyday("zh"), TEXTS.tool_result()])


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(0, (1 << 64) - 1),
            st.integers(0, 1 << 31),
            st.integers(0, 1 << 31),
        ),
        min_size=1,
        max_size=30,
    ),
    st.integers(0, 29),
)
def test_a_text_depends_on_nothing_but_its_own_row(
    rows: list[tuple[int, int, int, int]], place: int
) -> None:
    which, speakers, accounts = (np.array([row[k] for row in rows]) for k in (0, 2, 3))
    seeds = np.array([row[1] for row in rows], np.uint64)
    place %= len(rows)
    one = slice(place, place + 1)
    together = _SCRIPT.render(which, seeds, speakers, accounts).to_pylist()
    alone = _SCRIPT.render(which[one], seeds[one], speakers[one], accounts[one]).to_pylist()
    assert alone == [together[place]]


def test_new_prompts_keep_coming() -> None:
    for language in ALL:
        texts, _ = _of(TEXTS.everyday(language), 6000)
        assert len(set(texts)) > 0.97 * 6000


@pytest.mark.parametrize("language", ALL)
def test_strangers_share_few_long_phrases_in_any_language(language: str) -> None:
    # In scripts without spaces eight words are eight letters, which come up again more easily.
    bound = 0.25 if language == "ja" else 0.08 if language == "zh" else 0.03
    _, occurrences = shared_runs(*_of(TEXTS.everyday(language), 3000))
    assert occurrences < bound


@pytest.mark.parametrize("language", ["ja", "zh", "ru", "hi", "ko"])
def test_other_scripts_are_mostly_themselves(language: str) -> None:
    texts, _ = _of(TEXTS.everyday(language), 2000)
    assert sum(not text.isascii() for text in texts) > 0.55 * 2000


def test_lengths_are_heavy_tailed_and_like_real_ones() -> None:
    first = np.array([len(text) for text in _of(TEXTS.everyday("en"), 8000)[0]])
    later = np.array([len(text) for text in _of(TEXTS.follow_up("en"), 8000)[0]])
    # Medians of public chats are 112 and 75 characters, means 780 and 199.
    assert 80 < np.median(first) < 260
    assert 250 < first.mean() < 900
    assert np.percentile(first, 99) > 15 * np.median(first)
    assert 15 < np.median(later) < 110
    assert later.mean() < first.mean()


def test_texts_can_be_compressed_as_far_as_real_ones() -> None:
    # Public chats come to 2.6 to 2.9, lima to 2.2, aider's histories to 4.0.
    assert 1.9 < compression(_of(TEXTS.everyday("en"), 4000)[0]) < 4.2


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_every_capability_has_tasks_that_do_not_repeat(capability: str) -> None:
    texts, _ = _of(TEXTS.items(capability), 2000)
    assert len(set(texts)) > 0.95 * 2000


def test_what_is_no_capability_has_no_tasks() -> None:
    with pytest.raises(KeyError):
        TEXTS.items("cooking")


def test_repeated_requests_grow_with_the_names_they_are_keyed_by() -> None:
    seed = _seeds(1)
    for make in (TEXTS.pipeline, TEXTS.assignment, TEXTS.viral, TEXTS.rubric):
        assert make(1, 2) is make(1, 2)
        texts = {make(1, k).render(seed)[0].as_py() for k in range(200)}
        assert len(texts) > 185
    for form in FORMS:
        texts = {TEXTS.benchmark(form, 1, k).render(seed)[0].as_py() for k in range(60)}
        assert len(texts) > 30


def test_strangers_who_meet_one_repeated_request_share_most_of_its_words() -> None:
    for phrase in (TEXTS.viral(1, 3), TEXTS.benchmark("solve", 1, 3), TEXTS.rubric(1, 3)):
        texts, owners = _of(phrase, 200, each=1)
        everywhere = set.intersection(*(runs_of(text, 4) for text in texts[:5]))
        assert everywhere or shared_runs(texts, owners)[1] > 0.2


def test_lookalikes_ask_for_steps_and_scores() -> None:
    steps, _ = _of(TEXTS.step_by_step(), 1000)
    assert sum("step" in text.lower() or "reason" in text.lower() for text in steps) > 450
    grading, _ = _of(TEXTS.grading(), 1000)
    assert len(set(grading)) == 1000
