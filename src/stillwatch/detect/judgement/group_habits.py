"""What groups' members habitually do, beside what comparable accounts elsewhere do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stillwatch.detect.judgement.callers import several_callers
from stillwatch.detect.judgement.cool_down import cool_downs
from stillwatch.detect.judgement.foreign import (
    foreign_histories,
    foreign_histories_of_work,
    write_foreign_histories,
)
from stillwatch.detect.judgement.habits import NOT_SHOWN, Compared, Habit, compare, of_members
from stillwatch.detect.judgement.pivots import (
    moved_to_new_models,
    work_moved_to_new_models,
    write_new_models,
)
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Habits:
    """Habits of all accounts, and those of groups' work by number of the group."""

    several_callers: Habit
    moved: Habit
    work_moved: dict[int, Habit]
    rested: Habit
    foreign: Habit
    work_foreign: dict[int, Habit]

    def callers(
        self, members: Ints, elsewhere: npt.NDArray[np.bool_], parameters: Parameters
    ) -> Compared:
        """Return the share of members that serve several callers, beside others'."""
        own = of_members(self.several_callers, members)
        return compare(own, self.several_callers, members, elsewhere, parameters.caller_shrinkage)

    def cool_downs(self, members: Ints, elsewhere: npt.NDArray[np.bool_]) -> Compared:
        """Return the share of members' rate limits after which they rested, beside others'."""
        return compare(of_members(self.rested, members), self.rested, members, elsewhere)

    def pivoted(self, no: int, members: Ints, elsewhere: npt.NDArray[np.bool_]) -> Compared:
        """Return the share of a group's work that moved to a new model, beside others' requests."""
        own = self.work_moved.get(no)
        return compare(own, self.moved, members, elsewhere) if own else NOT_SHOWN

    def foreign_histories(
        self, no: int, members: Ints, elsewhere: npt.NDArray[np.bool_]
    ) -> Compared:
        """Return the share of a group's work with a foreign history, beside others' requests."""
        own = self.work_foreign.get(no)
        return compare(own, self.foreign, members, elsewhere) if own else NOT_SHOWN


def measure_habits(engine: Engine, accounts: int, parameters: Parameters) -> Habits:
    """Measure all habits once, whatever they are then compared with; needs `write_group_tables`."""
    write_new_models(engine, parameters)
    write_foreign_histories(engine, parameters)
    habits = Habits(
        several_callers=several_callers(engine, accounts, parameters),
        moved=moved_to_new_models(engine, accounts),
        work_moved=work_moved_to_new_models(engine),
        rested=cool_downs(engine, accounts, parameters),
        foreign=foreign_histories(engine, accounts),
        work_foreign=foreign_histories_of_work(engine),
    )
    engine.drop("new_models", "late_requests", "foreign_histories")
    return habits
