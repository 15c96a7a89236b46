"""Reads a scan's output folder: the whole of what is short, counts of what is long."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.errors import InputError
from stillwatch.model.tables_out import RESULT_TABLES
from stillwatch.model.vocabulary import GROUP_KINDS, OTHER_CAPABILITY
from stillwatch.respond.report.result import (
    SCORES,
    CapabilityCount,
    Group,
    Readiness,
    RejectedReason,
    Result,
    Term,
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def read_result(folder: Path) -> Result:
    """Read the output folder of a scan; raises InputError naming what is missing or unreadable."""
    scan = _read_scan(folder)
    terms = _group_terms(folder)
    counts = _capability_counts(folder)
    groups = [_group(row, terms, counts) for row in read_rows(folder, "groups")]
    return Result(
        folder=folder,
        scan=scan,
        groups=tuple(sorted(groups, key=_group_order)),
        readiness=tuple(
            Readiness(
                subject=text(row["subject"]),
                name=text(row["name"]),
                status=text(row["status"]),
                present_share=number(row["present_share"]),
                statement=text(row["statement"]),
            )
            for row in read_rows(folder, "readiness")
        ),
        rejected=_rejected(folder),
    )


def read_rows(
    folder: Path, table: str, keep: pc.Expression | None = None, columns: list[str] | None = None
) -> list[dict[str, Any]]:
    """Return rows of one result table as dictionaries, timestamps as datetimes in UTC."""
    names = columns or RESULT_TABLES[table].names
    return plain_rows(read_table(folder / f"{table}.parquet", names, keep))


def read_table(path: Path, columns: list[str], keep: pc.Expression | None = None) -> pa.Table:
    """Return columns of a Parquet file; raises InputError where it or one of them is absent."""
    if not path.is_file():
        raise InputError(
            f"there is no {path.name} here",
            source=str(path.parent),
            hint="give the folder that `stillwatch scan … --out FOLDER` wrote",
        )
    try:
        return pq.read_table(path, columns=columns, filters=keep)
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise InputError(
            f"{path.name} cannot be read: {problem}",
            source=str(path.parent),
            hint="run the scan again; the file is damaged or comes from another version",
        ) from problem


def plain_rows(table: pa.Table) -> list[dict[str, Any]]:
    """Return a table's rows; timestamps need no time zone database to become datetimes."""
    times = [field.name for field in table.schema if pa.types.is_timestamp(field.type)]
    for name in times:
        at = table.schema.get_field_index(name)
        ticks = table.column(name).cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
        table = table.set_column(at, name, ticks)
    rows: list[dict[str, Any]] = table.to_pylist()
    for row in rows:
        for name in times:
            row[name] = _moment(row[name])
    return rows


def number(value: float | None) -> float | None:
    """Return a finite number, or None for what has no place on a scale."""
    return float(value) if value is not None and math.isfinite(value) else None


def text(value: str | None) -> str:
    """Return text, empty where there is none."""
    return value or ""


def _moment(ticks: int | None) -> datetime | None:
    if ticks is None:
        return None
    try:
        return _EPOCH + timedelta(microseconds=ticks)
    except OverflowError:
        return None


def _read_scan(folder: Path) -> Mapping[str, Any]:
    path = folder / "scan.json"
    hint = "give the folder that `stillwatch scan … --out FOLDER` wrote"
    try:
        scan = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise InputError("there is no scan.json here", source=str(folder), hint=hint) from problem
    except (OSError, ValueError) as problem:
        raise InputError(
            f"scan.json cannot be read: {problem}", source=str(folder), hint=hint
        ) from problem
    if not isinstance(scan, dict):
        raise InputError("scan.json does not hold an object", source=str(folder), hint=hint)
    return scan


def _group_terms(folder: Path) -> Mapping[str, list[Term]]:
    """Return the terms of every group, an account's own left out, the weightiest first."""
    terms: defaultdict[str, list[Term]] = defaultdict(list)
    for row in read_rows(folder, "evidence", keep=pc.field("account_id").is_null()):
        score, _, name = text(row["term"]).partition(".")
        terms[text(row["group_id"])].append(
            Term(
                score=score,
                name=name,
                family=text(row["family"]),
                log_odds=number(row["log_odds"]) or 0.0,
                statement=text(row["statement"]),
                innocent_explanation=text(row["innocent_explanation"]),
                example_exchange_ids=tuple(dict.fromkeys(row["example_exchange_ids"] or ())),
            )
        )
    for listed in terms.values():
        listed.sort(key=lambda term: (-term.log_odds, term.score, term.name))
    return terms


def _capability_counts(folder: Path) -> Mapping[str, list[CapabilityCount]]:
    """Return each campaign's counts; none where an older scan wrote no such table."""
    counts: defaultdict[str, list[CapabilityCount]] = defaultdict(list)
    if not (folder / "capabilities.parquet").is_file():
        return counts
    for row in read_rows(folder, "capabilities"):
        counts[text(row["group_id"])].append(
            CapabilityCount(
                name=text(row["capability"]),
                exchanges=row["exchanges"] or 0,
                input_tokens=row["input_tokens"],
                output_tokens=row["output_tokens"],
            )
        )
    for listed in counts.values():
        listed.sort(key=lambda one: (one.name == OTHER_CAPABILITY, -one.exchanges, one.name))
    return counts


def _group(
    row: Mapping[str, Any],
    terms: Mapping[str, list[Term]],
    counts: Mapping[str, list[CapabilityCount]],
) -> Group:
    shares = [(name, number(share) or 0.0) for name, share in row["capabilities"] or ()]
    return Group(
        group_id=text(row["group_id"]),
        kind=text(row["kind"]),
        accounts=row["accounts"] or 0,
        exchanges=row["exchanges"] or 0,
        campaign_exchanges=row["campaign_exchanges"] or 0,
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        scores={score: number(row[f"{score}_log_odds"]) or 0.0 for score in SCORES},
        best_innocent_explanation=text(row["best_innocent_explanation"]),
        q_value=number(row["q_value"]),
        families=tuple(row["families"] or ()),
        capabilities=tuple(sorted(shares, key=lambda item: (-item[1], item[0]))),
        capability_counts=tuple(counts.get(text(row["group_id"]), ())),
        summary=text(row["summary"]),
        terms=tuple(terms.get(text(row["group_id"]), ())),
    )


def _group_order(group: Group) -> tuple[bool, int, float, int, str]:
    kinds: tuple[str, ...] = GROUP_KINDS
    rank = kinds.index(group.kind) if group.kind in kinds else len(kinds)
    distance = 0.0 if group.is_campaign else group.distance
    return (not group.is_campaign, rank, distance, -group.accounts, group.group_id)


def _rejected(folder: Path) -> tuple[RejectedReason, ...]:
    rows = read_rows(folder, "rejected", columns=["source", "line", "reason"])
    return tuple(_count_reasons(rows))


def _count_reasons(rows: Iterable[Mapping[str, Any]]) -> Iterable[RejectedReason]:
    counts: Counter[str] = Counter()
    first: dict[str, tuple[str, int | None]] = {}
    for row in rows:
        reason = text(row["reason"])
        counts[reason] += 1
        first.setdefault(reason, (text(row["source"]), row["line"]))
    for reason, total in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield RejectedReason(reason, total, *first[reason])
