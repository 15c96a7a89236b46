"""Collects links of every kind."""

from __future__ import annotations

from collections.abc import Sequence

from stillwatch.detect.links.failover import echoes
from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.links.ties import tie_accounts
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine


def collect_links(engine: Engine, kinds: Sequence[LinkKind], parameters: Parameters) -> None:
    """Create `account_links` and `failover_control`, then the ties that links make.

    `account_links`: kind, account_a, account_b, at_us, exchange_a, exchange_b, token, conversation;
    pairs of one declared organisation are left out, since they hide nothing. `failover_control`: the
    echoes in the equal window before each error.
    """
    found = " UNION ALL ".join(
        f"SELECT '{kind.name}' AS kind, account_a, account_b, at_us, exchange_a, exchange_b, token, "
        f"conversation FROM ({kind.sql(parameters)})"
        for kind in kinds
    )
    strangers = (
        "JOIN claims ca ON ca.account = l.account_a JOIN claims cb ON cb.account = l.account_b "
        "WHERE ca.organization_id IS NULL OR cb.organization_id IS NULL "
        "OR ca.organization_id <> cb.organization_id"
    )
    engine.create("account_links", f"SELECT l.* FROM ({found}) l {strangers}")
    engine.create(
        "failover_control", f"SELECT l.* FROM ({echoes(parameters, after=False)}) l {strangers}"
    )
    tie_accounts(engine)
