"""How much of accounts' requests hold answers in their history that this service never gave."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.judgement.habits import Habit, by_account, by_group
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine

_DAY: Final = 86_400_000_000


def write_foreign_histories(engine: Engine, parameters: Parameters) -> None:
    """Create `foreign_histories` (exchange) and `late_requests` (exchange, account).

    A conversation may have begun before the logs do: so requests of the first days, or of the first
    half of a short window, are not looked at.
    """
    begun = (
        "(SELECT min(at_us) + least((max(at_us) - min(at_us)) // 2, "
        f"{parameters.retention_days * _DAY}) FROM observed)"
    )
    engine.create("late_requests", f"SELECT exchange, account FROM observed WHERE at_us >= {begun}")
    engine.create(
        "foreign_histories",
        f"""
    WITH issued AS (
      SELECT DISTINCT response_hash AS answer FROM observed WHERE response_hash IS NOT NULL
    ), history AS (
      SELECT exchange, unnest(prior_assistant_hashes) AS answer
      FROM observed WHERE at_us >= {begun} AND len(prior_assistant_hashes) > 0
    )
    SELECT DISTINCT h.exchange FROM history h LEFT JOIN issued i ON i.answer = h.answer
    WHERE i.answer IS NULL
    """,
    )


def foreign_histories(engine: Engine, accounts: int) -> Habit:
    """Return each account's share of requests with a foreign history; needs the tables above."""
    return by_account(engine.arrow(_FOREIGN.format(no="", work="late_requests l")), accounts)


def foreign_histories_of_work(engine: Engine) -> dict[int, Habit]:
    """Return the same of each group's work; needs `group_work` besides."""
    work = "group_work w JOIN late_requests l ON l.exchange = w.exchange"
    return by_group(engine.arrow(_FOREIGN.format(no="w.group_no, ", work=work)))


_FOREIGN = """
SELECT {no}l.account, count(f.exchange) AS part, count(*) AS whole
FROM {work} LEFT JOIN foreign_histories f ON f.exchange = l.exchange
GROUP BY {no}l.account ORDER BY {no}l.account
"""
