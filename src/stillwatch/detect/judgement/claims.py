"""Counts what a group's accounts claim: whom they declare to belong to, and where they are billed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from stillwatch.engine import Engine


@dataclass(frozen=True, slots=True)
class Declared:
    """What the account table says of a group's members."""

    known: int
    """Members that have a row in it."""
    largest: int
    """Members in the largest declared unit: one organisation, or one verified mail domain."""
    education: int
    """Members on an education plan that was verified."""


NOT_KNOWN: Final = Declared(known=0, largest=0, education=0)


@dataclass(frozen=True, slots=True)
class Billed:
    """Accounts of one billing country that were also seen somewhere: how many, how many never there."""

    seen: int
    away: int


SEEN: Final = (
    "SELECT o.account, min(c.billing_country) AS country, "
    "count(CASE WHEN o.client_country = c.billing_country THEN 1 END) AS home "
    "FROM observed o JOIN claims c ON c.account = o.account "
    "WHERE o.client_country IS NOT NULL AND c.billing_country IS NOT NULL GROUP BY o.account"
)
"""Whether an account was ever seen in the country where it is billed."""


def declared_relations(engine: Engine) -> dict[int, Declared]:
    """Return what the members of each group declare; needs `group_members`."""
    rows = engine.arrow(_DECLARED).to_pylist()
    return {r["group_no"]: Declared(r["known"], r["largest"], r["education"]) for r in rows}


def billed_members(engine: Engine, shown: str = SEEN) -> dict[int, dict[str, Billed]]:
    """Return each group's members by billing country; needs `group_members`.

    `shown` is a query of account, country and home: 0 where the account contradicts its country.
    """
    return _by_group(engine, _BILLED_MEMBERS.format(shown=shown, where=""))


def billed_elsewhere(engine: Engine, groups: int, shown: str = SEEN) -> list[dict[str, Billed]]:
    """Return by billing country the accounts of `elsewhere` outside each group."""
    rows = engine.arrow(_BILLED.format(shown=shown)).to_pylist()
    own = _by_group(
        engine, _BILLED_MEMBERS.format(shown=shown, where="JOIN elsewhere e USING (account)")
    )
    none = Billed(0, 0)
    outside = []
    for no in range(groups):
        inside = own.get(no, {})
        outside.append(
            {
                r["country"]: Billed(
                    r["seen"] - inside.get(r["country"], none).seen,
                    r["away"] - inside.get(r["country"], none).away,
                )
                for r in rows
            }
        )
    return outside


def expected_mismatch(
    members: Mapping[str, Billed], outside: Mapping[str, Billed], shrinkage: float
) -> float | None:
    """Return the mismatch to expect of a group if its accounts were as others billed where they are.

    The rates outside, weighted by the group's own mix of billing countries: only where people are
    seen against where they are billed counts, and never which country it is. A country with few
    accounts is drawn to the rate of all countries, as if `shrinkage` accounts more were like all.
    None where nobody in the group or nobody outside shows both countries.
    """
    everywhere = sum(billed.seen for billed in outside.values())
    own = sum(billed.seen for billed in members.values())
    if everywhere == 0 or own == 0:
        return None
    overall = sum(billed.away for billed in outside.values()) / everywhere
    none = Billed(0, 0)
    expected = 0.0
    for country in sorted(members):
        there = outside.get(country, none)
        rate = (there.away + shrinkage * overall) / (there.seen + shrinkage)
        expected += members[country].seen * rate
    return expected / own


def mismatch(members: Mapping[str, Billed]) -> float:
    """Return the share never seen where they are billed, of the members that show both."""
    seen = sum(billed.seen for billed in members.values())
    return sum(billed.away for billed in members.values()) / seen if seen else 0.0


def _by_group(engine: Engine, sql: str) -> dict[int, dict[str, Billed]]:
    found: dict[int, dict[str, Billed]] = {}
    rows: Sequence[Mapping[str, int | str]] = engine.arrow(sql).to_pylist()
    for row in rows:
        country = found.setdefault(int(row["group_no"]), {})
        country[str(row["country"])] = Billed(int(row["seen"]), int(row["away"]))
    return found


# To pay with one card declares nothing: a pool does it too. A mail domain or an education plan
# declares a relation only of accounts that were verified. A domain of its own is one whose holders
# are mostly in the group; a public provider's are not.
_DECLARED = """
WITH known AS (
  SELECT m.group_no, c.account, c.organization_id, lower(c.email_domain) AS domain, c.plan,
         coalesce(c.verified, FALSE) AS verified
  FROM group_members m JOIN claims c ON c.account = m.account
  JOIN account_index i ON i.account = m.account
  JOIN (SELECT DISTINCT account_id FROM accounts) a ON a.account_id = i.account_id
), holders AS (
  SELECT lower(email_domain) AS domain, count(*) AS holders FROM claims
  WHERE email_domain IS NOT NULL GROUP BY 1
), own_domain AS (
  SELECT k.group_no, k.domain FROM known k JOIN holders h ON h.domain = k.domain
  GROUP BY k.group_no, k.domain HAVING 2 * count(*) >= min(h.holders)
), cells AS (
  SELECT group_no, count(*) AS accounts FROM known
  WHERE organization_id IS NOT NULL GROUP BY group_no, organization_id
  UNION ALL
  SELECT k.group_no, count(*) FROM known k
  JOIN own_domain d ON d.group_no = k.group_no AND d.domain = k.domain
  WHERE k.verified GROUP BY k.group_no, k.domain
), largest AS (
  SELECT group_no, max(accounts) AS largest FROM cells GROUP BY group_no
)
SELECT k.group_no, count(*) AS known, coalesce(min(l.largest), 0) AS largest,
       count(CASE WHEN k.plan = 'education' AND k.verified THEN 1 END) AS education
FROM known k LEFT JOIN largest l ON l.group_no = k.group_no
GROUP BY k.group_no
"""
_COUNTED = "count(*) AS seen, count(CASE WHEN s.home = 0 THEN 1 END) AS away"
_BILLED = (
    f"SELECT s.country, {_COUNTED} FROM ({{shown}}) s JOIN elsewhere e USING (account) GROUP BY 1"
)
_BILLED_MEMBERS = (
    f"SELECT m.group_no, s.country, {_COUNTED} FROM group_members m "
    f"JOIN ({{shown}}) s USING (account) {{where}} GROUP BY 1, 2"
)
