"""Made-up findings to fill a folder with: a campaign, the innocent beside it, nothing at all."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from tests.respond.report.result_folder import START, Folder

CAMPAIGN_TERMS: tuple[tuple[str, str, float, str, str], ...] = (
    ("coordination.work_partition", "content", 6.4,
     "147 accounts sent 38,112 distinct tasks of one set and only 41 of them twice; independent "
     "users of such a set would repeat about 2,900.", "benchmark crowd"),
    ("coordination.answers_replayed", "lineage", 4.1,
     "212 requests carry an answer that was issued to another account of the group.",
     "organisation"),
    ("coordination.failover", "timing", 2.7,
     "After an account was throttled, the same rare request followed on another account within "
     "90 seconds 64 times, against 3 times in equal windows before.", "shared workload"),
    ("coordination.shared_infrastructure", "network", 2.2,
     "131 accounts come from 9 addresses that few others use.", "VPN or carrier"),
    ("coordination.payment", "identity", 1.6,
     "88 accounts were paid for with 11 payment fingerprints.", "organisation"),
    ("coordination.client_configuration", "client", 0.9,
     "One rare combination of SDK version, header order and sampling settings.",
     "shared workload"),
    ("coordination.known_tool", "client", -1.8,
     "Part of the likeness is what a public agent tool would send anyway.", "shared workload"),
    ("extraction.elicitation", "content", 3.9,
     "71 % of requests ask for full reasoning before the answer.", "benchmark crowd"),
    ("extraction.single_turn", "content", 1.7,
     "96 % of sessions are a single exchange that nobody reads on from.", "shared workload"),
    ("extraction.capability_concentration", "content", 1.2,
     "Most of the work exercises mathematical reasoning.", "benchmark crowd"),
    ("extraction.human_rhythm", "timing", -0.6,
     "Some accounts also chat as people do.", "unknown"),
    ("concealment.unrelated_identities", "identity", 3.3,
     "One work queue stands behind 147 identities that claim no relation: 139 email domains, no "
     "organisation declared.", "organisation"),
    ("concealment.claimed_place", "network", 1.1,
     "The claimed billing places do not fit the addresses, which are shared.", "VPN or carrier"),
    ("concealment.volume_kept_low", "timing", 0.8,
     "No account exceeds 41 requests a day while the group exceeds 3,500.", "organisation"),
)  # fmt: skip

SPARED_TERMS: tuple[tuple[str, str, float, str, str], ...] = (
    ("coordination.shared_infrastructure", "network", 5.2,
     "All accounts come from one office network.", "organisation"),
    ("extraction.elicitation", "content", -2.4,
     "Requests are mixed and follow what people ask.", "organisation"),
    ("concealment.declared_organisation", "identity", -6.0,
     "The accounts name one organisation and share its email domain.", "organisation"),
)  # fmt: skip


def account_names(count: int, prefix: str = "acct") -> list[str]:
    """Return account ids as a gateway might issue them."""
    rng = np.random.default_rng(count)
    return [f"{prefix}_{int(rng.integers(1 << 40)):010x}" for _ in range(count)]


def add_campaign(folder: Folder, accounts: int = 147, group_id: str = "c1a7e90b44d2") -> None:
    """Add a campaign of that many accounts, with everything that a scan writes about one."""
    names = account_names(accounts)
    rng = np.random.default_rng(accounts)
    folder.add_group(
        group_id,
        "campaign",
        CAMPAIGN_TERMS,
        accounts=accounts,
        exchanges=accounts * 610,
        campaign_exchanges=accounts * 402,
        q_value=0.0021,
        best="shared_workload",
        capabilities={
            "reasoning_mathematics": 0.62,
            "grading": 0.17,
            "software_engineering": 0.11,
            "agentic_tool_use": 0.06,
            "data_analysis": 0.03,
            "writing": 0.01,
        },
        summary=f"{accounts} accounts work through one queue of mathematics tasks, hand unfinished "
        "requests to each other after errors, and claim to be strangers.",
    )
    folder.tables["capabilities"] += [
        {
            "group_id": group_id,
            "capability": name,
            "exchanges": accounts * share,
            "input_tokens": tokens,
            "output_tokens": tokens and tokens * 3,
        }
        for name, share, tokens in (
            ("grading", 71, 2_400_000),
            ("other", 80, None),
            ("reasoning_mathematics", 251, 9_100_000),
        )
    ]
    folder.add_members(group_id, names)
    folder.add_timeline(group_id, accounts * 24)
    ties: tuple[tuple[str, str, str | None, float, int | None], ...] = (
        ("template", "content", "e4b1f07722c19a55", 0.92, accounts + 7),
        ("phrase", "content", "0b77aa51c2d9e310", 0.71, accounts),
        ("system_prompt", "content", "77f0c3d2e1b4a596", 0.44, accounts // 2 + 3),
        ("client_address", "network", "203.0.113.0/24", 0.38, accounts),
        ("client_address", "network", "198.51.100.17", 0.27, 61),
        ("payment_fingerprint", "identity", "card_5512aa09", 0.21, accounts // 4),
        ("email_shape", "identity", "aaaa.aaaaa99@aaaaaaaa.aaa", 0.33, 212),
        ("user_agent", "client", "python-httpx/0.27.2", 0.66, 2_310),
        ("header_order", "client", "91d2e4f7a0b3c586", 0.52, 90),
        ("burst_hour", "timing", "2026-03-11T02", 0.24, 48),
        ("answer_replayed", "lineage", None, 0.4, None),
        ("failover", "timing", None, 0.3, None),
        ("signup_address", "identity", "198.51.100.23", 0.08, 15),
    )
    for kind, family, value, share, everywhere in ties:
        # Ties of one crew go together: each tie is held by a run of the list and a few others.
        start = int(rng.integers(accounts))
        run = int(accounts * share * 0.85)
        held = {names[(start + at) % accounts] for at in range(run)}
        held |= {name for name in names if rng.random() < share * 0.15}
        folder.add_tie(group_id, kind, family, value, sorted(held), everywhere)
    for at in range(min(accounts, 212)):
        folder.tables["links"].append(
            {
                "kind": "failover" if at % 3 == 0 else "answer_replayed",
                "account_a": names[at],
                "account_b": names[(at + 1) % accounts],
                "occurred_at": START + timedelta(hours=at),
                "exchange_a": f"req_a_{at:04d}",
                "exchange_b": f"req_b_{at:04d}",
            }
        )


def add_innocents(folder: Folder) -> None:
    """Add two organisations, a class, a resale pool and a group that nothing explains."""
    for group_id, kind, accounts, best, summary in (
        ("0a11", "organisation", 86, "organisation", "86 accounts of one company and one office."),
        ("0a12", "organisation", 31, "organisation", "31 accounts that declare one organisation."),
        ("0b31", "class", 58, "class", "58 accounts that were set the same exercises."),
        ("0c77", "resale_pool", 412, "aggregator", "412 accounts sold on by one relay."),
        ("0d05", "unexplained", 17, "unknown", "17 accounts with one rare client configuration."),
    ):  # fmt: skip
        folder.add_group(
            group_id,
            kind,
            SPARED_TERMS,
            accounts=accounts,
            exchanges=accounts * 300,
            q_value=0.9,
            best=best,
            capabilities={"writing": 0.5, "software_engineering": 0.4, "data_analysis": 0.1},
            summary=summary,
        )
        folder.add_members(group_id, account_names(accounts, kind[:4]))


def add_rejected(folder: Folder, rows: int = 30) -> None:
    """Add rejected rows for three reasons."""
    for at in range(rows):
        folder.tables["rejected"].append(
            {
                "source": "logs/2026-03.jsonl.zst",
                "line": 1000 + at,
                "reason": ("negative input_tokens", "occurred_at is no time", "not JSON")[at % 3],
                "record": '{"input_tokens": -1}',
            }
        )
    folder.scan["counts"]["rejected"] = rows


def full_folder(accounts: int = 147) -> Folder:
    """Return a scan that found a campaign, spared others and rejected a few rows."""
    folder = Folder()
    add_campaign(folder, accounts)
    add_innocents(folder)
    add_rejected(folder)
    folder.add_readiness()
    return folder


def null_folder() -> Folder:
    """Return a scan that found groups but no campaign."""
    folder = Folder()
    add_innocents(folder)
    folder.add_readiness(lineage=False)
    return folder


def empty_folder() -> Folder:
    """Return a scan of logs without one exchange."""
    folder = Folder()
    folder.scan["counts"] = {"exchanges": 0, "accounts": 0, "rejected": 0, "left_out": 0}
    folder.scan["window"] = {"first": None, "last": None}
    return folder
