"""Campaign templates: levels of paraphrase, stages, and wordings of an account's own."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from benchmarks.text.measure import runs_of, shared_runs
from stillwatch.errors import UsageError
from stillwatch.simulate.streams import Seeds, mix
from stillwatch.simulate.text.grammar import Fixed, Mixture, Numbers, Phrase
from stillwatch.simulate.text.harvest import (
    Paraphrase,
    cleaning,
    elicitation_sweep,
    fixed_prompt,
    templates,
)
from stillwatch.simulate.text.texts import GrammarTexts

TEXTS = GrammarTexts()
LEVELS: tuple[Paraphrase, ...] = ("none", "light", "medium", "strong", "per_account")
MIX = {
    "agentic_tool_use": 0.4,
    "software_engineering": 0.3,
    "reasoning_mathematics": 0.2,
    "grading": 0.1,
}


class _NoTasks(GrammarTexts):
    """Puts a mark where the task would stand, so that only wrappers are compared."""

    def items(self, capability: str) -> Phrase:
        assert capability
        return Fixed("\N{BLACK SQUARE}")

    short_items = items


class _Numbered(GrammarTexts):
    """Has numbers of ten digits for tasks."""

    def items(self, capability: str) -> Phrase:
        assert capability
        return Numbers(10**9, 2 * 10**9)

    short_items = items


def _seeds(count: int, salt: int = 1) -> Seeds:
    return mix(np.arange(count, dtype=np.uint64), salt)


def _campaign(level: Paraphrase, key: int, texts: GrammarTexts) -> Phrase:
    made = templates(key, 20, level, MIX, texts)
    assert sum(template.share for template in made) == pytest.approx(1.0)
    return Mixture([(template.share, template.phrase) for template in made])


@pytest.mark.parametrize("key", [1, 2, 3])
def test_levels_are_ordered_by_the_long_phrases_that_accounts_share(key: int) -> None:
    accounts = np.arange(1500) // 15
    shared = []
    for level in LEVELS:
        phrase = _campaign(level, key, _NoTasks())
        texts = phrase.render(_seeds(1500, key), accounts, accounts).to_pylist()
        shared.append(shared_runs(texts, accounts.tolist())[1])
    assert shared == sorted(shared, reverse=True)
    none, light, medium, strong, per_account = shared
    assert none > 0.99
    assert light > 0.9
    assert 0.4 < medium < 0.95
    assert strong < 0.3
    assert per_account == 0.0


@pytest.mark.parametrize("key", [1, 7, 99, 1234])
def test_no_two_accounts_of_a_campaign_share_eight_words(key: int) -> None:
    """Of 900 accounts, each with twelve requests, tasks left out."""
    accounts = np.repeat(np.arange(900), 12) + 20_000
    texts = (
        _campaign("per_account", key, _NoTasks())
        .render(_seeds(len(accounts)), accounts, accounts)
        .to_pylist()
    )
    owner: dict[int, int] = {}
    for text, account in zip(texts, accounts.tolist(), strict=True):
        for piece in text.split("\N{BLACK SQUARE}"):
            for run in runs_of(piece):
                assert owner.setdefault(run, account) == account, text


def test_an_account_keeps_its_wording() -> None:
    phrase = _campaign("per_account", 5, _NoTasks())
    texts = phrase.render(_seeds(200), np.arange(200), np.full(200, 77)).to_pylist()
    assert len(set(texts)) <= len(MIX)


@pytest.mark.parametrize("level", LEVELS)
def test_the_task_follows_the_seed_alone(level: Paraphrase) -> None:
    template = templates(3, 3, level, {"reasoning_mathematics": 1.0}, _Numbered())[0]
    tasks: defaultdict[int, set[str]] = defaultdict(set)
    for who in range(6):
        texts = template.phrase.render(
            _seeds(30), np.full(30, who), np.full(30, 100 + who)
        ).to_pylist()
        for row, text in enumerate(texts):
            words = text.replace('"', " ").split()
            tasks[row] |= {word for word in words if len(word) == 10 and word.isdigit()}
    assert all(len(found) == 1 for found in tasks.values())
    assert len({min(found) for found in tasks.values()}) == 30


def test_strong_rewording_words_one_task_anew_for_each_program() -> None:
    template = templates(3, 1, "strong", {"writing": 1.0}, _NoTasks())[0]
    texts = template.phrase.render(np.full(50, 9, np.uint64), np.arange(50)).to_pylist()
    assert len(set(texts)) > 40


def test_templates_are_shared_out_by_capability() -> None:
    made = templates(1, 10, "medium", MIX, TEXTS)
    shares: defaultdict[str, float] = defaultdict(float)
    for template in made:
        shares[template.capability] += template.share
        assert template.stage == ("grading" if template.capability == "grading" else "harvest")
    assert len(made) == 10
    assert dict(shares) == pytest.approx(MIX)
    few = templates(1, 2, "none", MIX, TEXTS)
    assert {t.capability for t in few} == {"agentic_tool_use", "software_engineering"}


@pytest.mark.parametrize("mix_", [{}, {"writing": -1.0}, {"writing": 0.0}, {"cooking": 1.0}])
def test_impossible_shares_are_refused(mix_: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        templates(1, 3, "none", mix_, TEXTS)


def test_a_sweep_tries_thousands_of_wordings_on_a_few_tasks() -> None:
    sweep = elicitation_sweep(4, TEXTS, probes=3)
    texts = sweep.phrase.render(_seeds(13_000), np.arange(13_000)).to_pylist()
    assert sweep.stage == "sweep"
    assert len(set(texts)) > 12_000


@pytest.mark.parametrize("place", ["user", "system"])
def test_a_fixed_prompt_never_varies(place: str) -> None:
    template = fixed_prompt(9, MIX, _NoTasks(), place)  # type: ignore[arg-type]
    texts = set(template.phrase.render(_seeds(300), np.arange(300), np.arange(300)).to_pylist())
    assert len(texts) == 1
    assert (template.system_prompt is None) == (place == "user")
    words = template.system_prompt or texts.pop()
    assert len(words.split()) > 40


def test_cleaning_sends_traces_that_an_assistant_is_said_to_have_written() -> None:
    made = cleaning(2, 3, "light", TEXTS)
    assert sum(template.share for template in made) == pytest.approx(1.0)
    texts = made[0].phrase.render(_seeds(300)).to_pylist()
    marks = ("Assistant:", "<think>", "\n")
    assert all(any(mark in text for mark in marks) for text in texts)
    assert np.mean([len(text) for text in texts]) > 400


def test_a_coerced_language_is_named() -> None:
    made = templates(3, 6, "strong", {"writing": 1.0}, _NoTasks(), coerced_language=1.0)
    texts = [t for m in made for t in m.phrase.render(_seeds(60), np.arange(60)).to_pylist()]
    named = sum(
        any(name in text for name in ("Chinese", "German", "Korean", "Hindi")) for text in texts
    )
    assert named > 20
