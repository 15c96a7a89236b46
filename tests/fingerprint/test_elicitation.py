"""The feature lists on freely worded requests: demands are found, harmless requests are not."""

from __future__ import annotations

import pytest

from benchmarks.elicitation.measure import DEMANDS, false_alarms, recalls
from benchmarks.elicitation.requests import HARMLESS, Request, read_requests
from stillwatch.model.vocabulary import FEATURES
from tests.fingerprint.test_lexicon import features_of

KEPT_ASIDE = [request for request in read_requests() if request.held_out]


def test_requests_are_many_and_each_is_there_once() -> None:
    requests = read_requests()
    assert len({request.text for request in requests}) == len(requests)
    counts = {name: sum(r.asks == name for r in requests) for name in (*FEATURES, HARMLESS)}
    assert min(counts.values()) >= 30
    assert counts[HARMLESS] >= 200
    assert sum(counts.values()) == len(requests)


def test_freely_worded_demands_are_found() -> None:
    found = recalls(KEPT_ASIDE)
    asked, hit, _ = found["eliciting"]
    assert hit >= 0.85 * asked
    for name in DEMANDS:
        asked, hit, _ = found[name]
        assert hit >= 0.75 * asked, name


def test_harmless_requests_seldom_set_a_demand() -> None:
    count, _, wrong = false_alarms(KEPT_ASIDE)
    assert wrong <= 0.05 * count


def test_a_false_alarm_is_counted() -> None:
    said = [Request(HARMLESS, "en", "Let's think step by step."), Request(HARMLESS, "en", "Hello")]
    count, by_feature, wrong = false_alarms(said)
    assert (count, by_feature["step_by_step"], wrong) == (2, 1, 1)


WEAK = "the derivation", "skip nothing", "double check your answer"


def test_weak_words_say_something_only_together() -> None:
    for words in WEAK:
        assert features_of(words) == set()
    assert "step_by_step" in features_of(", ".join(WEAK))


@pytest.mark.parametrize("filler", [0, 5, 13, 26, 27, 40, 300])
def test_weak_words_count_wherever_they_stand_together(filler: int) -> None:
    assert "step_by_step" in features_of("lorem " * filler + " ".join(WEAK) + " ipsum" * 90)


def test_weak_words_far_apart_say_nothing() -> None:
    assert features_of((" lorem" * 70).join(WEAK)) == set()


def test_other_words_of_one_line_count_once() -> None:
    assert features_of("reasoning, rationale, derivation, deduction, inference") == set()
