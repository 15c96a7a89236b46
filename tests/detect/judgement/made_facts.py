"""Facts by hand: a group that nothing distinguishes, and one that is run to harvest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from hypothesis import strategies as st

from stillwatch.detect.judgement.facts import Facts
from stillwatch.detect.judgement.habits import Compared
from stillwatch.detect.judgement.succession import Succession
from stillwatch.model.vocabulary import CAPABILITIES

EVEN: Final[dict[str, float]] = {c: 1 / len(CAPABILITIES) for c in CAPABILITIES}

NEUTRAL: Final = Facts(
    accounts=40, exchanges=4_000, elsewhere=400_000, work=200, work_share=0.05, wordings=2, breadth=1.0,
    shared={"identity": 0.0, "client": 0.0, "network": 0.0, "timing": 0.0},
    linked=0.0, continued=50.0, failover_after=0, failover_before=0, failover_breadth=0.0,
    eliciting=0.05, processing=0.01, base_eliciting=0.05, base_processing=0.01,
    capabilities=EVEN, base_capabilities=EVEN,
    single_turn=0.5, base_single_turn=0.5, multi_sampled=0.0, base_multi_sampled=0.0,
    items=200, repeats_across=1, repeats_expected=1.0,
    known=1.0, declared=0.1, education=0.0,
    located=1.0, mismatched=0.2, base_mismatched=0.2,
    callers=Compared(40, 0.02, 0.02), pivoted=Compared(40, 0.1, 0.1), foreign=Compared(40, 0.0, 0.0),
    succession=Succession(suspended=4, after=1, before=1),
    ticks=Compared(40, 0.02, 0.02), contradicted=Compared(40, 0.0, 0.0),
    rested=Compared(40, 0.05, 0.05),
    phoned=Compared(40, 0.1, 0.1), authorised=0.0,
    first_us=0, last_us=10**12,
)  # fmt: skip
"""As others are in every way."""

HARVEST: Final = replace(
    NEUTRAL,
    work=8_000, exchanges=10_000, work_share=0.8, wordings=20, breadth=9.0,
    shared={"identity": 0.5, "client": 0.7, "network": 0.3, "timing": 0.4},
    linked=0.6, failover_after=90, failover_before=2, failover_breadth=0.6,
    eliciting=0.8, processing=0.1, single_turn=0.95, multi_sampled=0.05,
    capabilities={**dict.fromkeys(CAPABILITIES, 0.0), "reasoning_mathematics": 0.7, "grading": 0.3},
    items=7_900, repeats_across=3, repeats_expected=60.0,
    declared=0.02, mismatched=0.7,
)  # fmt: skip
"""One queue behind strangers' accounts, after one thing, as the public reports describe it."""


def facts(**changes: Any) -> Facts:
    """Return neutral facts but for these."""
    return replace(NEUTRAL, **changes)


_share = st.floats(0.0, 1.0)
_count = st.integers(0, 20_000)


@st.composite
def any_facts(draw: st.DrawFn, /, **fixed: Any) -> Facts:
    """Draw whatever could be measured of a group, some of it fixed."""
    weights = [draw(st.integers(0, 9)) for _ in CAPABILITIES]
    total = sum(weights) or 1
    accounts = draw(st.integers(5, 5_000))
    drawn = {
        "accounts": accounts,
        "exchanges": draw(_count),
        "work": draw(_count),
        "wordings": draw(st.integers(0, 300)),
        "breadth": draw(st.floats(0.0, 50.0)),
        "shared": {family: draw(_share) for family in NEUTRAL.shared},
        "failover_after": draw(_count),
        "failover_before": draw(_count),
        "repeats_across": draw(_count),
        "repeats_expected": draw(st.floats(0.0, 1e5)),
        "capabilities": {c: w / total for c, w in zip(CAPABILITIES, weights, strict=True)},
    }
    for name in (
        "work_share", "linked", "failover_breadth", "eliciting", "processing", "base_eliciting",
        "base_processing", "single_turn", "base_single_turn", "multi_sampled",
        "base_multi_sampled", "declared",
        "education", "mismatched", "known", "located",
    ):  # fmt: skip
        drawn[name] = draw(_share)
    drawn["base_mismatched"] = draw(_share | st.none())
    for name in ("callers", "pivoted", "foreign", "ticks", "contradicted", "rested", "phoned"):
        drawn[name] = Compared(
            draw(st.integers(0, accounts)), draw(_share), draw(_share | st.none())
        )
    drawn["succession"] = Succession(
        draw(st.integers(0, accounts)), draw(st.integers(0, accounts)), draw(st.integers(0, 99))
    )
    return replace(NEUTRAL, **{**drawn, **fixed})
