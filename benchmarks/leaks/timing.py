"""Feature set (a): volume and timing of an account's exchanges."""

from __future__ import annotations

from typing import Final

_HOURS = ",\n".join(f'avg((hour = {hour})::int) AS "hour {hour:02d}"' for hour in range(24))
_WEEK = ",\n".join(f'avg((weekday = {day})::int) AS "weekday {day}"' for day in range(7))
_COOL_DOWNS = ",\n".join(
    f'avg((gap BETWEEN {seconds} - 0.5 AND {seconds} + 32)::int) AS "gaps of {seconds} s"'
    for seconds in (60, 300, 600, 1800)
)

QUERIES: Final = (
    f"""
    SELECT account_id,
      count(*) AS "exchanges",
      min(day) - (SELECT min(day) FROM exchange) AS "first day",
      (SELECT max(day) FROM exchange) - max(day) AS "days after the last",
      max(day) - min(day) AS "days spanned",
      count(DISTINCT hour) AS "hours of the day used",
      avg(second) AS "second within the minute",
      avg(fraction) AS "fraction of the second",
      avg((minute % 5 = 0)::int) AS "on five-minute marks",
      {_HOURS},
      {_WEEK}
    FROM exchange GROUP BY account_id
    """,
    f"""
    SELECT account_id,
      quantile_cont(gap, 0.05) AS "gap, 5 %",
      quantile_cont(gap, 0.25) AS "gap, 25 %",
      quantile_cont(gap, 0.5) AS "gap, median",
      quantile_cont(gap, 0.75) AS "gap, 75 %",
      quantile_cont(gap, 0.95) AS "gap, 95 %",
      max(gap) AS "gap, longest",
      coalesce(stddev_samp(gap) / nullif(avg(gap), 0), 0) AS "gap, variation",
      coalesce(stddev_samp(ln(gap + 1)), 0) AS "gap, spread of logarithm",
      coalesce(corr(gap, gap_before), 0) AS "gap, memory",
      avg((gap < 5)::int) AS "gaps under 5 s",
      avg((gap < 60)::int) AS "gaps under 1 min",
      avg((gap < 600)::int) AS "gaps under 10 min",
      avg((gap > 21600)::int) AS "gaps over 6 h",
      {_COOL_DOWNS}
    FROM (
      SELECT account_id, gap,
        lag(gap) OVER (PARTITION BY account_id ORDER BY occurred_at, exchange_id) AS gap_before
      FROM exchange
    ) WHERE gap IS NOT NULL GROUP BY account_id
    """,
    """
    SELECT account_id,
      count(*) AS "active days",
      avg(n) AS "exchanges an active day",
      max(n) AS "exchanges on the busiest day",
      coalesce(stddev_samp(n) / avg(n), 0) AS "variation over days",
      avg(hours) AS "hours active in a day",
      max(hours) AS "hours active on the longest day",
      avg(span) AS "hours from first to last in a day"
    FROM (
      SELECT account_id, day, count(*) AS n, count(DISTINCT hour) AS hours,
        (max(epoch_us(occurred_at)) - min(epoch_us(occurred_at))) / 3.6e9 AS span
      FROM exchange GROUP BY account_id, day
    ) GROUP BY account_id
    """,
    """
    SELECT account_id,
      count(*) AS "sittings",
      avg(n) AS "exchanges a sitting",
      quantile_cont(n, 0.5) AS "exchanges a sitting, median",
      max(n) AS "exchanges in the longest sitting",
      avg(minutes) AS "minutes a sitting"
    FROM (
      SELECT account_id, sitting, count(*) AS n,
        (max(epoch_us(occurred_at)) - min(epoch_us(occurred_at))) / 6e7 AS minutes
      FROM (
        SELECT account_id, occurred_at, sum((gap IS NULL OR gap > 1800)::int) OVER (
          PARTITION BY account_id ORDER BY occurred_at, exchange_id ROWS UNBOUNDED PRECEDING
        ) AS sitting
        FROM exchange
      ) GROUP BY account_id, sitting
    ) GROUP BY account_id
    """,
)
