"""How far accounts that worked before a model appeared had moved to it a day later."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.judgement.habits import Habit, by_account, by_group
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine

_DAY: Final = 86_400_000_000


def write_new_models(engine: Engine, parameters: Parameters) -> None:
    """Create `new_models` (model, first_us): those that appear in the logs and are soon used by many.

    A model that is there in the first days may have been there before. One that few take up is no
    release but somebody's rare choice.
    """
    engine.create(
        "new_models",
        f"""
    WITH appeared AS (
      SELECT model, min(at_us) AS first_us FROM observed GROUP BY model
      HAVING min(at_us) >= (SELECT min(at_us) FROM observed) + {parameters.release_after_days * _DAY}
    )
    SELECT a.model, min(a.first_us) AS first_us FROM appeared a
    JOIN observed o ON o.model = a.model AND o.at_us < a.first_us + {3 * _DAY}
    GROUP BY a.model HAVING count(DISTINCT o.account) >= {parameters.release_adopters}
    """,
    )


def moved_to_new_models(engine: Engine, accounts: int) -> Habit:
    """Return each account's share of requests on a new model, on the second and third day of it.

    Needs `new_models`. Who came after the model did not move to it, and is left out.
    """
    return by_account(engine.arrow(_MOVED.format(no="", work="observed o")), accounts)


def work_moved_to_new_models(engine: Engine) -> dict[int, Habit]:
    """Return the same of each group's work; needs `new_models` and `group_work`."""
    work = "group_work w JOIN observed o ON o.exchange = w.exchange"
    return by_group(engine.arrow(_MOVED.format(no="w.group_no, ", work=work)))


_MOVED = f"""
SELECT {{no}}o.account,
       count(DISTINCT CASE WHEN o.model = n.model THEN o.exchange END) AS part,
       count(DISTINCT o.exchange) AS whole
FROM {{work}}
JOIN new_models n ON o.at_us >= n.first_us + {_DAY} AND o.at_us < n.first_us + {3 * _DAY}
JOIN activity a ON a.account = o.account AND a.first_us < n.first_us
GROUP BY {{no}}o.account ORDER BY {{no}}o.account
"""
