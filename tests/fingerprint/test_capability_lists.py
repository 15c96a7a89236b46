"""The lists of capability words: trained entries are few, light, general, and lower nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.capabilities.admit import Rule, admitted
from benchmarks.capabilities.lists import BY_HAND, Line, read_lists, write_lists
from benchmarks.capabilities.prompts import GRAMMAR, HERE, LABELS, Prompt, table
from benchmarks.capabilities.train import LEAST_SUM, Fit, train
from stillwatch.fingerprint import lexicon
from stillwatch.model.vocabulary import CAPABILITY_COUNTS_FROM

SHIPPED = Path(lexicon.__file__).parents[1] / "reference_data" / "lexicon" / "capabilities"


def prompts(label: str, family: str, *texts: str) -> list[Prompt]:
    return [Prompt(text, label, "-", family, family, True) for text in texts]


TALES = [
    *prompts("writing", "one", "pen a ballad of 3 cats in Rome", "pen a ballad of dogs in Rome"),
    *prompts("writing", "two", "pen us a ballad of Rome zyx", "pen a ballad in Rome zyx"),
    *prompts("other", "three", "what can cats and dogs pen", "of Rome, zyx"),
    *prompts("other", "four", "a ballad, or what"),
]


def test_every_entry_by_hand_is_kept_and_none_is_lowered() -> None:
    weights: dict[tuple[str, str, str], int] = {}
    for line in read_lists(SHIPPED):
        key = (line.capability, line.language, line.words)
        weights[key] = max(line.weight, weights.get(key, 0))
    for line in read_lists(BY_HAND):
        assert weights[line.capability, line.language, line.words] >= line.weight, line


def test_a_trained_word_alone_decides_nothing() -> None:
    by_hand = {(line.capability, line.words) for line in read_lists(BY_HAND)}
    new = [line for line in read_lists(SHIPPED) if (line.capability, line.words) not in by_hand]
    assert 10 < len(new) < 1000
    for line in new:
        assert 255 * line.weight / (line.weight + 100) < CAPABILITY_COUNTS_FROM, line
        assert line.language == "en"
        # Words of general language only: nothing that could be a sentence of somebody's corpus.
        assert len(line.words.split()) <= 3
        assert not any(c.isdigit() for c in line.words)


def test_the_least_sum_is_the_least_score() -> None:
    assert 255 * (LEAST_SUM - 1) // (LEAST_SUM - 1 + 100) < CAPABILITY_COUNTS_FROM
    assert 255 * LEAST_SUM // (LEAST_SUM + 100) >= CAPABILITY_COUNTS_FROM


def test_what_is_struck_is_in_no_list() -> None:
    shipped = {(line.capability, line.words) for line in read_lists(SHIPPED)}
    struck = {(capability, words) for capability, words in table(HERE / "struck.tsv")}
    assert struck and not struck & shipped


def test_a_word_enters_by_two_families_that_use_it_more_than_others() -> None:
    let_in = admitted(TALES, Rule(lift=1.5, anywhere=2))
    assert ("ballad", "writing") in let_in
    assert not {run for run, _ in let_in} & {"rome", "cats", "zyx", "a", "of"}


def test_our_own_grammar_lets_nothing_in() -> None:
    ours = [
        Prompt(p.text, p.label, "-", GRAMMAR, GRAMMAR, True) if p.family == "two" else p
        for p in TALES
    ]
    assert admitted(ours, Rule(lift=1.5, anywhere=2)) == set()


def test_training_raises_what_helps_within_its_bounds_and_keeps_the_rest() -> None:
    hand = [
        Line("writing", "en", 30, "pen"),
        Line("grading", "en", 60, "verdict"),
        Line("writing", "de", 30, "schreibe"),
    ]
    how = Fit(rule=Rule(lift=1.5, anywhere=2), pull=0.0001, at_least=1)
    trained = {(line.capability, line.words): line.weight for line in train(TALES, hand, how)}
    assert trained["grading", "verdict"] == 60
    assert trained["writing", "schreibe"] == 30
    assert 30 <= trained["writing", "pen"] <= 60
    new = {run: weight for (_, run), weight in trained.items() if run not in ("pen", "verdict")}
    del new["schreibe"]
    assert new and all("ballad" in run for run in new)
    assert all(how.at_least <= weight <= how.new_at_most for weight in new.values())


def test_lists_are_read_back_as_written(tmp_path: Path) -> None:
    lines = read_lists(SHIPPED)
    write_lists(tmp_path, lines)
    assert sorted(map(str, read_lists(tmp_path))) == sorted(map(str, lines))


@pytest.mark.parametrize("name", sorted(path.stem for path in (HERE / "labels").glob("*.tsv")))
def test_labels_are_of_the_vocabulary_and_hold_no_text(name: str) -> None:
    rows = table(HERE / "labels" / f"{name}.tsv")
    assert all(place.isdigit() and label in LABELS for place, label in rows)
    assert len({place for place, _ in rows}) == len(rows)
