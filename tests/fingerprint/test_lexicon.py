"""Features and capabilities: the lists can be read, and they say what they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.errors import InputError
from stillwatch.fingerprint import lexicon
from stillwatch.fingerprint.keys import KernelKeys
from stillwatch.fingerprint.lexicon import Lexicon, LexiconEntry, load_entries
from stillwatch.fingerprint.texts import TextReader
from stillwatch.model.vocabulary import CAPABILITIES, FEATURES
from tests.fingerprint.kernel_calls import KEY, column_of, fingerprint_of


def features_of(text: str) -> set[str]:
    bits = fingerprint_of(text)["features"]
    return {name for place, name in enumerate(FEATURES) if bits >> place & 1}


def scores_of(text: str) -> dict[str, int]:
    packed = fingerprint_of(text)["capabilities"]
    return {name: packed >> (8 * place) & 255 for place, name in enumerate(CAPABILITIES)}


def test_every_list_has_entries() -> None:
    entries = load_entries()
    assert {entry.category for entry in entries} == set(range(len(FEATURES) + len(CAPABILITIES)))


def test_no_list_has_a_line_twice() -> None:
    root = Path(lexicon.__file__).parents[1] / "reference_data" / "lexicon"
    for path in root.rglob("*.tsv"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
        assert len(lines) == len(set(lines)), path.name


def test_one_run_of_words_in_two_languages_counts_once() -> None:
    reader = TextReader.create(KEY)
    entries = [LexiconEntry(3, 60, "one word"), LexiconEntry(3, 60, "One Word!")]
    made = Lexicon.compile(entries * 2, KernelKeys.derive(KEY).numbers, reader.read_words)
    assert made.weights.tolist() == [60]


def test_every_entry_is_found_in_a_text_of_its_own() -> None:
    texts = [entry.phrase for entry in load_entries() if not entry.phrase.startswith("@")]
    entries = [entry for entry in load_entries() if not entry.phrase.startswith("@")]
    features, scores = column_of(texts, "features"), column_of(texts, "capabilities")
    missed = []
    for entry, bits, packed in zip(entries, features, scores, strict=True):
        if entry.category >= len(FEATURES):
            found = packed >> (8 * (entry.category - len(FEATURES))) & 255
        else:
            found = bits >> entry.category & 1 or entry.weight < lexicon.ENOUGH
        if not found:
            missed.append(entry)
    assert not missed


@pytest.mark.parametrize("language", ["en", "zh", "es", "de", "fr", "ru", "ja"])
def test_elicitation_has_entries_in_every_language(language: str) -> None:
    root = Path(lexicon.__file__).parents[1] / "reference_data" / "lexicon" / "features"
    for name in FEATURES:
        lines = (root / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        strong = [line for line in lines if line.startswith(f"{language}\t100\t")]
        assert len(strong) >= 2, name


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("Solve this. Let's think step by step!", "step_by_step"),
        ("请一步一步地解这道题", "step_by_step"),
        ("Explícalo paso a paso, por favor", "step_by_step"),
        ("Erkläre es Schritt für Schritt", "step_by_step"),
        ("Explique ÉTAPE PAR ÉTAPE", "step_by_step"),
        ("Реши задачу шаг за шагом", "step_by_step"),
        ("問題を段階的に解いてください", "step_by_step"),
        ("How did you arrive at this result?", "retrospective_reasoning"),
        ("Put your work between <think> and </think>", "inline_reasoning_tags"),
        ("Respond, but think in Chinese", "thinking_language"),
        ("Write the ideal answer to this question", "exemplary_answer"),
        ("Rate the response on a scale of 1 to 5", "grading"),
        ("Clean up the following log and remove duplicates", "cleaning"),
        ("You have access to the following tools", "tool_plan"),
        ("Return valid JSON only", "structured_output"),
    ],
)
def test_a_request_sets_its_feature(text: str, feature: str) -> None:
    assert feature in features_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "What is the weather like in Rome in May?",
        "I think it was a reason to be glad, step in!",
        "Draft a short note to my landlord about the heating.",
        "x < think of a number",
        "",
        "🙂",
    ],
)
def test_ordinary_text_sets_none(text: str) -> None:
    assert features_of(text) == set()


@pytest.mark.parametrize(
    ("text", "capability"),
    [
        ("Write a Python function that parses a date and add unit tests", "software_engineering"),
        ("Prove that the sum of two even integers is even", "reasoning_mathematics"),
        (
            "Tom has 5 apples, buys 7 more. How many apples are there in total?",
            "reasoning_mathematics",
        ),
        ("Use the tool to search the web, then call the function", "agentic_tool_use"),
        ("Make a project plan with milestones for the next six months", "long_horizon_planning"),
        ("Score the response against the rubric", "grading"),
        ("Load the CSV file, plot the trend and fit a linear regression", "data_analysis"),
        ("Write a short story about a lighthouse in the style of a fable", "writing"),
        ("写一首关于春天的诗", "writing"),
        ("用代码编写一个程序", "software_engineering"),
    ],
)
def test_a_prompt_scores_highest_on_its_capability(text: str, capability: str) -> None:
    scores = scores_of(text)
    assert max(scores, key=lambda name: scores[name]) == capability
    assert 50 < scores[capability] < 256


def test_scores_saturate_count_entries_once_and_fall_with_length() -> None:
    one = scores_of("write a poem")["writing"]
    assert scores_of("write a poem, write a poem, write a poem")["writing"] == one
    assert scores_of("write a poem and an essay and a letter")["writing"] > one
    assert scores_of("write a poem " + "zzz " * 400)["writing"] < one


def test_marks_count() -> None:
    assert scores_of("look\n```\nx y\n```")["software_engineering"] > 0
    assert scores_of('{"k": "v w"}')["agentic_tool_use"] > 0
    assert scores_of("zz 3 zz 5")["reasoning_mathematics"] > 0


@pytest.mark.parametrize("phrase", ["!!!", " ".join("abcdefghijklm"), "<two words>"])
def test_an_entry_that_cannot_be_matched_is_refused(phrase: str) -> None:
    reader = TextReader.create(KEY)
    with pytest.raises(InputError, match="lexicon entry"):
        Lexicon.compile(
            [LexiconEntry(0, 100, phrase)], KernelKeys.derive(KEY).numbers, reader.read_words
        )


@pytest.mark.parametrize(
    "line", ["en 100 words", "en\tmany\twords", "en\t0\twords", "en\t101\twords"]
)
def test_a_line_that_cannot_be_read_is_named(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, names in (("features", FEATURES), ("capabilities", CAPABILITIES)):
        (tmp_path / "lexicon" / folder).mkdir(parents=True)
        for name in names:
            (tmp_path / "lexicon" / folder / f"{name}.tsv").write_text("# nothing\n")
    (tmp_path / "lexicon" / "features" / f"{FEATURES[0]}.tsv").write_text(f"# a list\n{line}\n")
    monkeypatch.setattr(lexicon, "files", lambda _: tmp_path)
    with pytest.raises(InputError, match=rf"{FEATURES[0]}\.tsv:2"):
        load_entries.__wrapped__()


def test_alternatives_are_spelled_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, names in (("features", FEATURES), ("capabilities", CAPABILITIES)):
        (tmp_path / "lexicon" / folder).mkdir(parents=True)
        for name in names:
            (tmp_path / "lexicon" / folder / f"{name}.tsv").write_text("# nothing\n")
    path = tmp_path / "lexicon" / "features" / f"{FEATURES[0]}.tsv"
    path.write_text("en\t40\t(show|write) (|all )steps\nen\t100\tplain\n")
    monkeypatch.setattr(lexicon, "files", lambda _: tmp_path)
    entries = load_entries.__wrapped__()
    phrases = ["show steps", "show all steps", "write steps", "write all steps", "plain"]
    assert [entry.phrase for entry in entries] == phrases
    assert len({entry.line for entry in entries[:4]}) == 1
    assert entries[4].line == -1
