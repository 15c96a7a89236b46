"""The prompt grammar: a text is a function of its seed, and new ones keep coming."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.simulate.streams import Seeds, below, mix, unit
from stillwatch.simulate.text.grammar import Grammar, Mixture, Numbers, OneOf, Passage
from stillwatch.simulate.text.texts import GrammarTexts

TEXTS = GrammarTexts()


def _seeds(count: int, salt: int = 1) -> Seeds:
    return mix(np.arange(count, dtype=np.uint64), salt)


@given(st.lists(st.integers(0, (1 << 64) - 1), min_size=1, max_size=30), st.integers(0, 29))
def test_a_text_depends_on_its_own_seed_alone(values: list[int], place: int) -> None:
    seeds = np.array(values, np.uint64)
    place %= len(values)
    for phrase in (TEXTS.everyday("en"), TEXTS.tool_result()):
        together = phrase.render(seeds).to_pylist()
        assert phrase.render(seeds[place : place + 1]).to_pylist() == [together[place]]


def test_a_slot_named_twice_holds_one_text_and_numbered_slots_differ() -> None:
    grammar = Grammar(["{a} {a} {a2}"], {"a": Numbers(0, 10**9)})
    for text in grammar.render(_seeds(50)).to_pylist():
        first, again, other = text.split()
        assert first == again != other


def test_an_unknown_slot_is_refused_at_once() -> None:
    with pytest.raises(KeyError, match="no slot called 'b'"):
        Grammar(["{a} {b}"], {"a": ["x"]})


def test_passages_keep_their_bounds() -> None:
    texts = Passage(OneOf(["x"]), 2, 9, "|").render(_seeds(3000)).to_pylist()
    counts = [text.count("x") for text in texts]
    assert (min(counts), max(counts)) == (2, 9)
    assert np.mean(counts) < 5.5


def test_mixtures_keep_their_weights() -> None:
    texts = Mixture([(3, OneOf(["a"])), (1, OneOf(["b"]))]).render(_seeds(8000)).to_pylist()
    assert texts.count("a") / 8000 == pytest.approx(0.75, abs=0.02)


def test_draws_are_uniform() -> None:
    seeds = _seeds(40_000, 9)
    assert np.bincount(below(seeds, 8), minlength=8) == pytest.approx(5000, rel=0.06)
    assert unit(seeds).mean() == pytest.approx(0.5, abs=0.01)
    assert 0 <= unit(seeds).min() <= unit(seeds).max() < 1
