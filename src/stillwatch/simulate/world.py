"""A world that runs: it advances in slices of time, and its operators answer enforcement."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.errors import UsageError
from stillwatch.model.hashing import HashKey
from stillwatch.model.tables_in import TRUTH_EXCHANGES
from stillwatch.settings import PUBLIC_DEVELOPMENT_KEY
from stillwatch.simulate.arrivals import Arrivals
from stillwatch.simulate.columns import hexadecimal
from stillwatch.simulate.control import Control
from stillwatch.simulate.enforcement import Enforcement
from stillwatch.simulate.exchanges import ExchangeTable
from stillwatch.simulate.operators.protocol import Adapts
from stillwatch.simulate.plan import Plan, names
from stillwatch.simulate.presets import PRESETS, Preset
from stillwatch.simulate.records import Rows
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.tables import accounts_table, events_table, models_table, truth_table
from stillwatch.simulate.text.texts import Texts

ROWS_AT_ONCE: Final = 250_000
"""No slice holds more exchanges than this, so that memory is bounded."""
_MOST_DAYS: Final = 3660


@dataclass(frozen=True, slots=True)
class Slice:
    """What a stretch of time left in the logs, and the truth about it."""

    begin: datetime
    end: datetime
    """The first moment that is not in it; slices follow one another without gaps."""
    exchanges: pa.Table
    """In time order, in the canonical schema."""
    truth_exchanges: pa.Table
    """exchange_id and campaign_id of the campaign exchanges among them."""
    account_events: pa.Table
    control_events: pa.Table


class World:
    """A labelled world of a preset, which advances in time and can be enforced against.

    Equal arguments give equal exchanges, however time is cut into slices.
    """

    def __init__(
        self,
        preset: str | Preset,
        scale: float = 1.0,
        seed: int = 1,
        *,
        innocent_accounts: int | None = None,
        days: int | None = None,
        texts: Texts | None = None,
        arrivals: Arrivals | None = None,
    ) -> None:
        """Put the cast on stage; `preset` is a name of `PRESETS` or a preset itself.

        `innocent_accounts` sets the size of the innocent crowd instead of `scale`, and `days` how
        long the world lasts; `texts` and `arrivals` replace the grammar and the laws of arrivals.
        Raises UsageError for an unknown preset, a scale that is not in (0, 10000], a negative seed,
        fewer than one account or day, or more than 3660 days.
        """
        self.preset = _preset(preset, scale, seed, innocent_accounts, days)
        self.scale, self.seed = scale, seed
        self.stage = stage = Stage(
            seed=seed,
            days=self.preset.days,
            beginning=self.preset.beginning,
            casts=self.preset.casts,
        )
        stage.releases.extend(self.preset.releases)
        if texts is not None:
            stage.texts = texts
        if arrivals is not None:
            stage.arrivals = arrivals
        with _uncollected():
            for cast in self.preset.casts:
                cast.populate(stage)
        self.plan = Plan(stage, stage.first_weekday)
        self._control = Control(stage)
        self._render: ExchangeTable | None = None
        self._carried = np.full(len(stage.accounts), -1, np.int64)
        self._taken = 0
        self._campaign = self._campaigns()

    @property
    def begin(self) -> datetime:
        """The first moment of the world."""
        return self.stage.beginning

    @property
    def end(self) -> datetime:
        """The first moment after the world."""
        return self._moment(self.stage.end)

    @property
    def now(self) -> datetime:
        """How far the world has advanced."""
        return self._moment(self.plan.now)

    @property
    def table(self) -> ExchangeTable:
        """What turns attempts into exchanges; made the first time that it is asked for."""
        if self._render is None:
            self._render = ExchangeTable(self.stage, HashKey.from_text(PUBLIC_DEVELOPMENT_KEY))
        return self._render

    def accounts(self) -> pa.Table:
        """Return all accounts that exist by now or will, sorted by id."""
        return accounts_table(self.stage)

    def models(self) -> pa.Table:
        """Return the models that become available while the world runs."""
        return models_table(self.stage)

    def truth(self) -> pa.Table:
        """Return the truth about all accounts as far as the world has advanced."""
        return truth_table(self.stage, self._grown_carried())

    def advance(
        self, until: datetime | int, enforcement: Enforcement | None = None
    ) -> Iterator[Slice]:
        """Enforce at once, then yield what happens until a time, in slices of bounded size.

        `until` is a time or microseconds of world time; later than the world's end is its end. The
        enforcement works even if no slice is taken. Raises UsageError for account ids that the
        world does not have, and where slices of the call before were not taken.
        """
        if self._taken < self.plan.now:
            raise UsageError("take all slices of one call of advance() before the next one")
        if enforcement is not None:
            self._enforce(enforcement)
        end = until if isinstance(until, int) else _microseconds(until - self.begin)
        return self._slices(end)

    def rows(self, until: int, at_once: int = ROWS_AT_ONCE) -> Iterator[tuple[Rows, int]]:
        """Yield attempts without their texts, in bounded parts, and how far each part goes.

        `until` is in microseconds of world time. What was yielded counts as having happened.
        """
        for rows, end in self.plan.until(until):
            self._note(rows)
            for begin in range(0, max(1, len(rows)), at_once):
                part = rows[begin : begin + at_once]
                last = begin + at_once >= len(rows)
                yield part, end if last else int(part["at"][-1]) + 1
        self._taken = self.plan.now

    def harvested(self, rows: Rows) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """Return names and campaigns (rows of `stage.campaigns`) of the campaign exchanges."""
        campaign = self._campaign[rows["setting"]]
        mine = np.flatnonzero(campaign >= 0)
        return names(rows[mine], self.seed), campaign[mine]

    def expected(self) -> float:
        """Return about how many exchanges there will be, from the cast alone."""
        return self.plan.expected()

    def account_events(self, begin: int, end: int) -> pa.Table:
        """Return what happens to accounts between two times (microseconds of world time)."""
        return events_table(self.stage, begin, end)

    def control_events(self, end: int) -> pa.Table:
        """Return control events from the last end that was asked for until this one."""
        return self._control.until(min(end, self.stage.end))

    def _slices(self, until: int) -> Iterator[Slice]:
        begin = self.plan.now
        for rows, end in self.rows(until):
            yield Slice(
                self._moment(begin),
                self._moment(end),
                self.table.render(rows),
                self._truth_of(rows),
                self.account_events(begin, end),
                self.control_events(end),
            )
            begin = end

    def _truth_of(self, rows: Rows) -> pa.Table:
        ids, campaigns = self.harvested(rows)
        words = pa.array(self.stage.campaigns, pa.string())
        columns = [hexadecimal("x", ids), words.take(pa.array(campaigns))]
        return pa.Table.from_arrays(columns, schema=TRUTH_EXCHANGES)

    def _enforce(self, enforcement: Enforcement) -> None:
        stage, now = self.stage, self.plan.now
        known = {str(a.fields["account_id"]): k for k, a in enumerate(stage.accounts)}
        strangers = sorted(enforcement.suspended - known.keys())
        if strangers:
            raise UsageError(f"the world has no account {strangers[0]!r}")
        already = {a for a, at, name, _ in stage.events if name == "suspended" and at < now}
        rows = sorted({known[i] for i in enforcement.suspended} - already)
        hit = np.array(rows, np.int64)
        stage.events = [
            event
            for event in stage.events
            if not (event[2] == "suspended" and event[1] >= now and event[0] in set(rows))
        ]
        for row in rows:
            stage.suspend(row, now)
        self.plan.suspend(hit)
        self._control.suspend(hit, now)
        for cast in self.preset.casts:
            if isinstance(cast, Adapts):
                cast.react(stage, now, frozenset(rows))
        self.plan.refresh()
        self._control.refresh()
        if self._render is not None:
            self._render.refresh(self.stage)
        self._campaign = self._campaigns()

    def _note(self, rows: Rows) -> None:
        """Remember which accounts carried a campaign's exchanges."""
        campaign = self._campaign[rows["setting"]]
        mine = campaign >= 0
        self._grown_carried()[rows["account"][mine]] = campaign[mine]

    def _grown_carried(self) -> npt.NDArray[np.int64]:
        missing = len(self.stage.accounts) - len(self._carried)
        if missing:
            self._carried = np.concatenate([self._carried, np.full(missing, -1, np.int64)])
        return self._carried

    def _campaigns(self) -> npt.NDArray[np.int64]:
        return np.array([-1 if s.campaign is None else s.campaign for s in self.stage.settings])

    def _moment(self, microseconds: int) -> datetime:
        return self.stage.beginning + timedelta(microseconds=microseconds)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare Python's collector millions of young objects that all stay: a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _preset(
    preset: str | Preset, scale: float, seed: int, innocent: int | None, days: int | None
) -> Preset:
    if isinstance(preset, str):
        if preset not in PRESETS:
            raise UsageError(
                f"there is no preset called {preset!r}", hint="use one of: " + ", ".join(PRESETS)
            )
        preset = PRESETS[preset]
    if not 0 < scale <= 10_000:
        raise UsageError(f"--scale must be above 0 and at most 10000, not {scale:g}")
    if not 0 <= seed < 1 << 31:
        raise UsageError(f"--seed must be a whole number from 0 to {(1 << 31) - 1}, not {seed}")
    if innocent is not None and innocent < 1:
        raise UsageError(f"--innocent-accounts must be at least 1, not {innocent}")
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise UsageError(f"--days must be from 1 to {_MOST_DAYS}, not {days}")
    scaled = preset.scaled(scale)
    if days is not None:
        scaled = replace(scaled, days=days)
    return scaled if innocent is None else scaled.with_innocents(innocent)


def _microseconds(passed: timedelta) -> int:
    return passed // timedelta(microseconds=1)
