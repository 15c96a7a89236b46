"""A term without opportunity says nothing: single questions cannot be handed over."""

from __future__ import annotations

from stillwatch.detect.judgement.statistics import STATISTICS
from stillwatch.detect.parameters import Parameters
from tests.detect.judgement.made_facts import facts


def test_that_no_conversation_moves_says_nothing_of_those_who_hold_none() -> None:
    assert STATISTICS["linked"](facts(continued=0.0, linked=0.0), Parameters()) is None
    assert STATISTICS["linked"](facts(continued=30.0, linked=0.0), Parameters()) == 0.0
