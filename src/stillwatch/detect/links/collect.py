"""Collects links of every kind, and the account pairs that more than one thing ties."""

from __future__ import annotations

from collections.abc import Sequence

from stillwatch.detect.links.failover import echoes
from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine


def collect_links(engine: Engine, kinds: Sequence[LinkKind], parameters: Parameters) -> None:
    """Create `account_links`, `failover_control` and `tied_accounts`.

    `account_links`: kind, account_a, account_b, at_us, exchange_a, exchange_b, token; pairs of one
    declared organisation are left out, since they hide nothing. `failover_control`: the echoes in
    the equal window before each error. `tied_accounts`: account_a < account_b tied by at least two
    different carried-over things, but one history may hold two: membership asks for more.
    """
    found = " UNION ALL ".join(
        f"SELECT '{kind.name}' AS kind, account_a, account_b, at_us, exchange_a, exchange_b, token "
        f"FROM ({kind.sql(parameters)})"
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
    engine.create(
        "tied_accounts",
        "SELECT account_a, account_b, count(DISTINCT token) AS ties, min(at_us) AS first_us FROM ("
        "SELECT CASE WHEN account_a < account_b THEN account_a ELSE account_b END AS account_a, "
        "CASE WHEN account_a < account_b THEN account_b ELSE account_a END AS account_b, token, at_us "
        "FROM account_links) GROUP BY 1, 2 HAVING count(DISTINCT token) >= 2",
    )
