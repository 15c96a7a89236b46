"""How often members' control events fall into one moment with another member's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stillwatch.detect.judgement.habits import NOT_SHOWN, Compared, Habit, by_group, compare
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ControlTicks:
    """What accounts do at the moments at which a group's members do something."""

    ticks: Ints
    """Moments at which each account did something; 0 for those who show too few of them."""
    together: dict[int, Habit]
    """By group, each member's share of moments at which another member did something too."""
    joined: dict[int, tuple[Ints, Ints]]
    """By group, accounts outside it that share moments with its members, and how many."""

    def compared(self, no: int, members: Ints, elsewhere: npt.NDArray[np.bool_]) -> Compared:
        """Return a group's mean share, beside that of others at the same moments.

        Others are held against the very moments of the group, so that a clock which many follow,
        such as the full minute, is on both sides.
        """
        own = self.together.get(no)
        if own is None:
            return NOT_SHOWN
        value = np.where(self.ticks > 0, 0.0, np.nan)
        account, moments = self.joined.get(no, (np.empty(0, np.int64), np.empty(0, np.int64)))
        value[account] = moments / self.ticks[account]
        habit = Habit(value, np.zeros(value.size, dtype=np.int64))
        return compare(own, habit, members, elsewhere)


def control_ticks(engine: Engine, accounts: int, parameters: Parameters) -> ControlTicks:
    """Measure every group's moments; needs `group_members`, `account_index` and `control_events`.

    Times are cut into windows of a few seconds, so that a clock which walks over accounts is seen to.
    What people do by hand, signing in and making keys, is left out. An account with few moments left
    shows nothing.
    """
    window = parameters.tick_window_s * 1_000_000
    engine.create("control_moments", _MOMENTS.format(window=window, least=parameters.least_ticks))
    engine.create("group_moments", _OF_GROUPS)
    ticks = np.zeros(accounts, dtype=np.int64)
    rows = engine.arrow("SELECT account, count(*) AS n FROM control_moments GROUP BY 1 ORDER BY 1")
    ticks[rows["account"].to_numpy()] = rows["n"].to_numpy()
    found = ControlTicks(
        ticks=ticks,
        together=by_group(engine.arrow(_TOGETHER)),
        joined=_joined(engine),
    )
    engine.drop("control_moments", "group_moments")
    return found


def _joined(engine: Engine) -> dict[int, tuple[Ints, Ints]]:
    rows = engine.arrow(_JOINED)
    group, account, moments = (
        np.asarray(rows[name].to_numpy(), dtype=np.int64) for name in rows.column_names
    )
    numbers, first = np.unique(group, return_index=True)
    ends = [*first[1:], group.size][: first.size]
    return {
        int(no): (account[low:high], moments[low:high])
        for no, low, high in zip(numbers, first, ends, strict=True)
    }


_MOMENTS = """
WITH moments AS (
  SELECT DISTINCT i.account, epoch_us(e.occurred_at) // {window} AS moment
  FROM control_events e JOIN account_index i USING (account_id)
  WHERE lower(e.kind) NOT IN ('sign_in', 'key_created')
)
SELECT account, moment FROM moments WHERE account IN (
  SELECT account FROM moments GROUP BY account HAVING count(*) >= {least}
)
"""
_OF_GROUPS = """
SELECT m.group_no, c.moment, count(*) AS members
FROM group_members m JOIN control_moments c USING (account) GROUP BY 1, 2
"""
_TOGETHER = """
SELECT m.group_no, m.account, count(CASE WHEN g.members > 1 THEN 1 END) AS part, count(*) AS whole
FROM group_members m JOIN control_moments c USING (account)
JOIN group_moments g ON g.group_no = m.group_no AND g.moment = c.moment
GROUP BY 1, 2 ORDER BY 1, 2
"""
_JOINED = """
SELECT g.group_no, c.account, count(*) AS moments
FROM group_moments g JOIN control_moments c USING (moment)
LEFT JOIN group_members m ON m.group_no = g.group_no AND m.account = c.account
WHERE m.account IS NULL
GROUP BY 1, 2 ORDER BY 1, 2
"""
