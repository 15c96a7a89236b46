"""Plain words for what the tables hold: names, numbers, times, and why a group was spared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from stillwatch.model.vocabulary import CAMPAIGN_Q_VALUE
from stillwatch.respond.report.result import SCORES, Group
from stillwatch.respond.report.safe_text import visible

CAPABILITY_NAMES: Final[Mapping[str, str]] = {
    "agentic_tool_use": "agentic tool use",
    "software_engineering": "software engineering",
    "reasoning_mathematics": "mathematical reasoning",
    "long_horizon_planning": "long-horizon planning",
    "grading": "grading of answers",
    "data_analysis": "data analysis",
    "writing": "writing",
    "other": "none of these",
}

KIND_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "campaign": ("campaign", "campaigns"),
    "resale_pool": ("resale pool", "resale pools"),
    "organisation": ("organisation", "organisations"),
    "class": ("class", "classes"),
    "shared_workload": ("shared workload", "shared workloads"),
    "unexplained": ("unexplained group", "unexplained groups"),
}
"""Kind → its name for one and for many."""

KIND_MEANINGS: Final[Mapping[str, str]] = {
    "campaign": (
        "The accounts were judged coordinated, extracting and concealed, but the error rate is "
        "not low enough to report them."
    ),
    "resale_pool": (
        "Accounts that are sold on and serve many people. This is evidence of resale, "
        "not of distillation."
    ),
    "organisation": "Accounts that work as one because they belong to one body; nothing is hidden.",
    "class": "People who were set the same work over the same time.",
    "shared_workload": "Strangers who run the same tool, prompt or benchmark; not run as one.",
    "unexplained": (
        "Accounts with something in common that no explanation fits well; too little evidence "
        "to call it a campaign."
    ),
}

SCORE_MEANINGS: Final[Mapping[str, str]] = {
    "coordination": "Are these accounts run as one?",
    "extraction": "Do they harvest training data?",
    "concealment": "Do they hide that they are one?",
}


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: `1 account`, `2,040 accounts`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Join words as a sentence does: `a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def spaced(name: str) -> str:
    """Return an identifier as words, safe to show: `work_partition` → `work partition`."""
    return visible(name).replace("_", " ")


def sentence_case(words: str) -> str:
    """Return words with the first letter raised and the rest as they stand."""
    return words[:1].upper() + words[1:]


def capability_name(name: str) -> str:
    """Return a capability in plain words."""
    return CAPABILITY_NAMES.get(name, spaced(name))


def kind_name(kind: str, count: int = 1) -> str:
    """Return a group kind in plain words, for one or many."""
    one, many = KIND_NAMES.get(kind, (spaced(kind), spaced(kind)))
    return one if count == 1 else many


def signed(value: float) -> str:
    """Return log-odds with one decimal and always a sign."""
    rounded = round(value, 1) + 0.0
    return f"{'−' if rounded < 0 else '+'}{abs(rounded):.1f}"  # a true minus is as wide as a plus


def odds(log_odds: float) -> str:
    """Return natural log-odds as a ratio to one, rounded to what a model can bear."""
    if log_odds < 0:
        return f"1 to {_ratio(-log_odds)}"
    return f"{_ratio(log_odds)} to 1"


def _ratio(log_odds: float) -> str:
    if log_odds >= math.log(1_000_000):
        return "over a million"
    ratio = math.exp(log_odds)
    if ratio < 9.95:
        return f"{ratio:.1f}"
    digits = len(str(int(ratio))) - 2
    return f"{round(ratio, -digits):,.0f}"


def probability(value: float) -> str:
    """Return a probability that never claims certainty."""
    if value > 0.999:
        return "> 0.999"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def q_value(value: float | None) -> str:
    """Return a q-value with two significant digits."""
    if value is None:
        return "none given"
    return f"{value:.2g}" if value >= 0.0001 else "< 0.0001"


def percent(share: float) -> str:
    """Return a share in percent; never 0 % or 100 % for what is neither."""
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{share:.0%}".replace("%", " %")


def moment(at: datetime | None) -> str:
    """Return a time to the minute, in UTC."""
    return f"{at:%Y-%m-%d %H:%M}" if at else "–"


def size(count: int) -> str:
    """Return a number of bytes in the largest unit that keeps it readable."""
    amount = float(count)
    for unit in ("bytes", "KB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"
        amount /= 1000
    return f"{amount:,.1f} TB"


def why_spared(group: Group) -> str:
    """Say what a group lacks for a campaign, in one sentence."""
    lacking = [score for score in SCORES if group.scores[score] <= 0]
    if lacking:
        named = listed([f"{score} ({signed(group.scores[score])})" for score in lacking])
        return (
            "A campaign needs coordination, extraction and concealment; "
            f"here the evidence speaks against {named}."
        )
    if group.kind == "campaign":
        return f"Its q-value, {q_value(group.q_value)}, is not at or below {CAMPAIGN_Q_VALUE:g}."
    best = spaced(group.best_innocent_explanation) or "an innocent cause"
    return (
        f"No score speaks against a campaign, yet its q-value is {q_value(group.q_value)}: "
        f"{best} explains the group well enough."
    )
