"""A result as plain JSON objects, under the names that the tables have."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from stillwatch.respond.report.read_detail import named_accounts
from stillwatch.respond.report.result import SCORES, Group, Result, Term
from stillwatch.respond.report.verdict import reach, verdict

Object = Mapping[str, Any]


def result_object(result: Result) -> Object:
    """Return the whole result: verdict, groups, readiness, and what `scan.json` recorded."""
    return {
        **{name: _finite(value) for name, value in result.scan.items()},
        "verdict": verdict(result),
        "reach": list(reach(result)),
        "groups": list(group_objects(result)),
        "readiness": [
            {
                "subject": row.subject,
                "name": row.name,
                "status": row.status,
                "present_share": row.present_share,
                "statement": row.statement,
            }
            for row in result.readiness
        ],
        "rejected": [{"reason": row.reason, "rows": row.rows} for row in result.rejected],
    }


def group_objects(result: Result) -> Iterator[Object]:
    """Yield one object a group, campaigns first."""
    for group in result.groups:
        yield _group(result, group)


def _group(result: Result, group: Group) -> Object:
    return {
        "group_id": group.group_id,
        "kind": group.kind,
        "reported": group.is_campaign,
        "accounts": group.accounts,
        "exchanges": group.exchanges,
        "campaign_exchanges": group.campaign_exchanges,
        "first_seen": _time(group.first_seen),
        "last_seen": _time(group.last_seen),
        **{f"{score}_log_odds": group.scores[score] for score in SCORES},
        "best_innocent_explanation": group.best_innocent_explanation,
        "q_value": group.q_value,
        "families": list(group.families),
        "capabilities": dict(group.capabilities),
        "capability_counts": [
            {
                "capability": one.name,
                "exchanges": one.exchanges,
                "input_tokens": one.input_tokens,
                "output_tokens": one.output_tokens,
            }
            for one in group.capability_counts
        ],
        "summary": group.summary,
        "evidence": [_term(term) for term in group.terms],
        "named_accounts": (
            list(named_accounts(result.folder, group.group_id)) if group.is_campaign else []
        ),
    }


def _term(term: Term) -> Object:
    return {
        "term": f"{term.score}.{term.name}",
        "family": term.family,
        "log_odds": term.log_odds,
        "statement": term.statement,
        "innocent_explanation": term.innocent_explanation,
        "example_exchange_ids": list(term.example_exchange_ids),
    }


def _time(at: datetime | None) -> str | None:
    """Return a time in ISO 8601 with a Z, microseconds only where there are some."""
    return at.isoformat().replace("+00:00", "Z") if at else None


def _finite(value: Any) -> Any:
    """Return a JSON value without the numbers that JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(name): _finite(item) for name, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
