"""The scan's outcome in plain sentences: the first thing that anybody reads."""

from __future__ import annotations

from collections import Counter
from typing import Final

from stillwatch.respond.report.result import Group, Result
from stillwatch.respond.report.safe_text import visible
from stillwatch.respond.report.words import capability_name, counted, kind_name, listed

_INNOCENT: Final = ("organisation", "class", "shared_workload")
_LEADING_SHARE: Final = 0.25


def verdict(result: Result) -> str:
    """Return what the scan found, in one plain sentence; or what it would have found."""
    campaigns = result.campaigns
    if campaigns:
        return f"Found {_found(campaigns)}{_rest(result.others, 'other ')}."
    if not result.groups and not _exchanges(result):
        return "Nothing was scanned: the logs hold no exchange."
    return f"No campaign found{_rest(result.others, '')}."


def reach(result: Result) -> tuple[str, ...]:
    """Return sentences that say what the scan could have found, and where it could not look.

    These belong to every verdict: without them "no campaign found" says nothing.
    """
    limits = [
        visible(row.statement, 400)
        for row in result.readiness
        if row.subject == "limit" and row.statement
    ]
    absent = [
        visible(row.name)
        for row in result.readiness
        if row.subject == "family" and row.status == "absent"
    ]
    if not limits:
        limits.append("The scan recorded no limit, so how small a group it could find is unknown.")
    if absent:
        blind = f"It could not look at {listed(absent)} evidence: the source lacks the fields."
        return (blind, *limits)
    return tuple(limits)


def sought(group: Group) -> str:
    """Return what a group went after in words: its leading capabilities, at most two."""
    leading = [
        capability_name(name) for name, share in group.capabilities[:2] if share >= _LEADING_SHARE
    ]
    return listed(leading) or "answers of many sorts"


def _found(campaigns: tuple[Group, ...]) -> str:
    largest = campaigns[0]
    accounts = counted(largest.accounts, "account")
    act = f"{accounts} that act as one and harvest {sought(largest)}"
    if len(campaigns) == 1:
        return f"1 campaign: {act}"
    total = counted(sum(group.accounts for group in campaigns), "account")
    return f"{len(campaigns)} campaigns with {total} in all, the largest of {act}"


def _rest(groups: tuple[Group, ...], other: str) -> str:
    kinds = Counter(group.kind for group in groups)
    innocent = sum(kinds[kind] for kind in _INNOCENT)
    parts = []
    if innocent:
        parts.append(f"{counted(innocent, f'{other}group')} explained innocently")
    if kinds["resale_pool"]:
        pools = kinds["resale_pool"]
        parts.append(f"{pools} {kind_name('resale_pool', pools)} (evidence of resale only)")
    if kinds["unexplained"]:
        parts.append(f"{counted(kinds['unexplained'], 'group')} left unexplained")
    if kinds["campaign"]:
        parts.append(f"{counted(kinds['campaign'], 'suspect group')} too uncertain to report")
    return "".join(f"; {part}" for part in parts)


def _exchanges(result: Result) -> int:
    counts = result.scan.get("counts")
    value = counts.get("exchanges") if isinstance(counts, dict) else None
    return value if isinstance(value, int) else 0
