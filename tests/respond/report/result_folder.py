"""Builds folders as a scan writes them: made-up findings for the report, the terminal and docs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.model.tables_out import RESULT_TABLES
from stillwatch.model.tables_picture import PICTURE_TABLES, PICTURED_ACCOUNTS

START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 30
Row = dict[str, Any]


def empty_scan() -> Row:
    """Return the `scan.json` of a scan that found nothing in 20,000 accounts."""
    return {
        "stillwatch_version": "0.1.0",
        "schema_version": 1,
        "parameters": {"max_rejected": 0.01, "threads": 2, "hash_key": "public development key"},
        "inputs": [
            {"path": "logs/2026-03.jsonl.zst", "bytes": 48_120_331, "sha256": "9c" * 32},
            {"path": "logs/accounts.parquet", "bytes": 1_204_551},
        ],
        "counts": {"exchanges": 1_204_551, "accounts": 20_147, "rejected": 0, "left_out": 412},
        "timings": {"ingest": 4.21, "fingerprint": 2.8, "detect": 9.04, "respond": 0.4},
        "window": {"first": "2026-03-02T00:00:04Z", "last": "2026-03-31T23:59:51Z"},
        "notes": [
            "Scores are simulation-calibrated: no local labels were given.",
            "Hashes were made under the public development key.",
        ],
    }


@dataclass
class Folder:
    """Rows of every table; `write` gives them the schemas that a scan does."""

    tables: dict[str, list[Row]] = field(
        default_factory=lambda: {name: [] for name in (*RESULT_TABLES, *PICTURE_TABLES)}
    )
    scan: Row = field(default_factory=empty_scan)

    def write(self, folder: Path) -> Path:
        """Write the folder and return it."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, schema in {**RESULT_TABLES, **PICTURE_TABLES}.items():
            rows = [
                {column: row.get(column) for column in schema.names} for row in self.tables[name]
            ]
            pq.write_table(pa.Table.from_pylist(rows, schema), folder / f"{name}.parquet")
        (folder / "scan.json").write_text(json.dumps(self.scan))
        return folder

    def add_group(
        self,
        group_id: str,
        kind: str,
        terms: Sequence[tuple[str, str, float, str, str]],
        *,
        accounts: int,
        exchanges: int,
        q_value: float | None = None,
        best: str = "organisation",
        capabilities: Mapping[str, float] | None = None,
        summary: str = "",
        campaign_exchanges: int = 0,
    ) -> None:
        """Add a group and its terms (term, family, log-odds, statement, innocent explanation)."""
        self.tables["groups"].append(
            {
                "group_id": group_id,
                "kind": kind,
                "accounts": accounts,
                "exchanges": exchanges,
                "campaign_exchanges": campaign_exchanges,
                "first_seen": START + timedelta(hours=5),
                "last_seen": START + timedelta(days=DAYS - 1, hours=22),
                **{
                    f"{score}_log_odds": sum(t[2] for t in terms if t[0].startswith(f"{score}."))
                    for score in ("coordination", "extraction", "concealment")
                },
                "best_innocent_explanation": best,
                "q_value": q_value,
                "families": sorted({t[1] for t in terms if t[2] > 0}),
                "capabilities": sorted((capabilities or {}).items()),
                "summary": summary,
            }
        )
        for term, family, log_odds, statement, innocent in terms:
            self.tables["evidence"].append(
                {
                    "group_id": group_id,
                    "family": family,
                    "term": term,
                    "log_odds": log_odds,
                    "statement": statement,
                    "innocent_explanation": innocent,
                    "example_exchange_ids": [f"req_{group_id[:4]}_{n:04d}" for n in range(4)],
                }
            )

    def add_members(self, group_id: str, accounts: Sequence[str], seed: int = 0) -> None:
        """Add members with falling log-odds, each explained by two membership terms."""
        rng = np.random.default_rng(seed)
        for at, account in enumerate(accounts):
            shares = (rng.uniform(0.5, 5.0), rng.uniform(-1.5, 3.0))
            log_odds = sum(shares)
            exchanges = int(rng.integers(120, 900))
            self.tables["members"].append(
                {
                    "group_id": group_id,
                    "account_id": account,
                    "log_odds": log_odds,
                    "probability": 1 / (1 + 2.718281828**-log_odds),
                    "exchanges": exchanges,
                    "campaign_exchanges": int(exchanges * rng.uniform(0.4, 0.95)),
                    "first_linked_at": START + timedelta(hours=int(rng.integers(24 * 9))),
                }
            )
            for share, family, name in zip(
                shares, ("lineage", "timing"), ("queue", "rhythm"), strict=True
            ):
                self.tables["evidence"].append(
                    {
                        "group_id": group_id,
                        "account_id": account,
                        "family": family,
                        "term": f"membership.{name}",
                        "log_odds": share,
                        "statement": f"Account {at} shares the work queue.",
                        "innocent_explanation": "unknown",
                        "example_exchange_ids": [],
                    }
                )

    def add_tie(
        self,
        group_id: str,
        kind: str,
        family: str,
        value: str | None,
        accounts: Sequence[str],
        everywhere: int | None = None,
    ) -> None:
        """Add a tie of members that are there already, and its trait with all its accounts."""
        members = [row for row in self.tables["members"] if row["group_id"] == group_id]
        members.sort(key=lambda row: (-row["log_odds"], row["account_id"]))
        strongest = [row["account_id"] for row in members[:PICTURED_ACCOUNTS]]
        self.tables["ties"].append(
            {
                "group_id": group_id,
                "kind": kind,
                "family": family,
                "value": value,
                "members": len(accounts),
                "accounts": sorted(set(accounts).intersection(strongest)),
            }
        )
        if everywhere is not None:
            self.tables["traits"].append(
                {"kind": kind, "family": family, "value": value, "accounts": everywhere}
            )

    def add_timeline(self, group_id: str, a_day: int, seed: int = 0, share: float = 0.7) -> None:
        """Add a round-the-clock timeline that starts slowly and pauses for a night."""
        rng = np.random.default_rng(seed)
        for hour in range(DAYS * 24):
            day = hour // 24
            rate = a_day / 24 * min(1.0, 0.15 + day / 8) * (0.4 if hour % 24 in (3, 4, 5) else 1)
            count = 0 if 14 * 24 + 8 < hour < 15 * 24 + 20 else int(rate * rng.uniform(0.7, 1.3))
            if count:
                self.tables["timeline"].append(
                    {
                        "group_id": group_id,
                        "hour": START + timedelta(hours=hour),
                        "exchanges": count,
                        "campaign_exchanges": int(count * share),
                    }
                )

    def add_readiness(self, lineage: bool = True) -> None:
        """Add fields, families and limits; without lineage, as from logs that hold no history."""
        state = "ready" if lineage else "absent"
        ran = "Ran." if lineage else "Could not run: no earlier messages are logged."
        for subject, name, status, share, statement in (
            ("limit", "smallest group", "ready", None,
             "It would have found groups of 12 or more accounts that share a trait with "
             "probability 0.3 or more."),
            ("limit", "calibration", "partial", None,
             "184 innocent groups were seen; q-values below 0.011 carry no guarantee."),
            ("family", "content", "ready", None, "Ran on 1,204,139 prompts."),
            ("family", "identity", "ready", None, "Ran on 20,147 accounts."),
            ("family", "client", "partial", None, "Ran on user agents; ja4 is absent."),
            ("family", "network", "ready", None, "Ran on client addresses behind two known hops."),
            ("family", "timing", "ready", None, "Ran."),
            ("family", "lineage", state, None, ran),
            ("field", "prompt", "ready", 0.9997, "present"),
            ("field", "client_address", "ready", 0.98, "present"),
            ("field", "ja4", "absent", 0.0, "absent"),
            ("field", "prior_assistant_hashes", state, 0.4 * lineage, state),
            ("field", "billing_country", "partial", 0.62, "in six of ten rows"),
        ):  # fmt: skip
            self.tables["readiness"].append(
                {
                    "subject": subject,
                    "name": name,
                    "status": status,
                    "present_share": share,
                    "statement": statement,
                }
            )
