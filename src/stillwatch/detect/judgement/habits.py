"""A habit of accounts as one number each, and how a group's members compare with others like them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Habit:
    """One number for each of some accounts, NaN for those who show too little of it to say."""

    value: Floats
    stratum: Ints
    """Accounts that can fairly be compared with each other: a small number, from 0."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What members do on average, and what accounts like them do elsewhere."""

    members: int
    """Members that show enough to be counted."""
    inside: float
    outside: float | None
    """The same of accounts elsewhere, weighted by the members' own strata; None if there are none."""


NOT_SHOWN: Final = Compared(members=0, inside=0.0, outside=None)


def compare(
    own: Habit,
    habit: Habit,
    members: Ints,
    elsewhere: npt.NDArray[np.bool_],
    shrinkage: float = 0.0,
) -> Compared:
    """Hold members' own numbers against the habit of others.

    The mean elsewhere is taken by stratum, so that who shows more of a habit because more is seen of
    them is held against others of whom as much is seen. A stratum with few accounts is drawn to the
    mean of all, as if `shrinkage` accounts more were like all.
    """
    seen = ~np.isnan(own.value)
    if not seen.any():
        return NOT_SHOWN
    inside = float(own.value[seen].mean())
    outside = elsewhere & ~np.isnan(habit.value)
    outside[members] = False
    if not outside.any():
        return Compared(int(seen.sum()), inside, None)
    strata = int(max(habit.stratum.max(), own.stratum.max())) + 1
    count = np.bincount(habit.stratum[outside], minlength=strata)
    total = np.bincount(habit.stratum[outside], weights=habit.value[outside], minlength=strata)
    mean = (total + shrinkage * total.sum() / count.sum()) / np.maximum(count + shrinkage, 1e-9)
    return Compared(int(seen.sum()), inside, float(mean[own.stratum[seen]].mean()))


def by_account(rows: pa.Table, accounts: int) -> Habit:
    """Return the habit part/whole from columns account, part, whole; NaN for all others."""
    account, part, whole = (_ints(rows, name) for name in ("account", "part", "whole"))
    value = np.full(accounts, np.nan)
    value[account] = part / whole
    return Habit(value, np.zeros(accounts, dtype=np.int64))


def by_group(rows: pa.Table) -> dict[int, Habit]:
    """Return the habit of each group's members that show it, from rows in the order of group_no."""
    group, part, whole = (_ints(rows, name) for name in ("group_no", "part", "whole"))
    numbers, first = np.unique(group, return_index=True)
    ends = [*first[1:], group.size][: first.size]
    return {
        int(no): Habit(part[low:high] / whole[low:high], np.zeros(high - low, dtype=np.int64))
        for no, low, high in zip(numbers, first, ends, strict=True)
    }


def of_members(habit: Habit, members: Ints) -> Habit:
    """Return the habit of these accounts alone."""
    return Habit(habit.value[members], habit.stratum[members])


def _ints(rows: pa.Table, name: str) -> Ints:
    return np.asarray(rows[name].to_numpy(), dtype=np.int64)
