"""Which accounts serve several callers: tool sets or end users of which one person has one."""

from __future__ import annotations

from typing import Final

import numpy as np

from stillwatch.detect.judgement.habits import Habit
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine

_FEWEST_TELLING: Final = 0.05
"""Share of the accounts that must say who asks at all; where none does, silence says nothing."""


def several_callers(engine: Engine, accounts: int, parameters: Parameters) -> Habit:
    """Return 1 for accounts whose requests show several callers, 0 for the others.

    An account that sent few requests shows too little. The strata are how many of its requests tell
    of a caller, in steps of four times: one person who works much with tools changes them at times.
    """
    rows = engine.arrow(_CALLERS)
    account, requests, telling, kinds = (
        np.asarray(rows[name].to_numpy(), dtype=np.int64) for name in rows.column_names
    )
    value = np.full(accounts, np.nan)
    stratum = np.zeros(accounts, dtype=np.int64)
    shown = requests >= parameters.caller_requests
    if shown.any() and (telling[shown] > 0).mean() >= _FEWEST_TELLING:
        value[account[shown]] = kinds[shown] >= 2
    # 0, 1–3, 4–15, 16–63 and so on; by whole numbers, which round nothing.
    stratum[account] = sum((telling >= 4**step).astype(np.int64) for step in range(6))
    return Habit(value, stratum)


_CALLERS = """
SELECT account, count(*) AS requests,
       count(CASE WHEN tools_hash IS NOT NULL OR end_user_hash IS NOT NULL THEN 1 END) AS telling,
       greatest(count(DISTINCT tools_hash), count(DISTINCT end_user_hash)) AS kinds
FROM observed GROUP BY account ORDER BY account
"""
