"""The small tables of a world: accounts, their events, models, and the truth about accounts."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.model.tables_in import ACCOUNT_EVENTS, ACCOUNTS, MODELS, TRUTH
from stillwatch.simulate.stage import Stage


def accounts_table(stage: Stage, first: int = 0) -> pa.Table:
    """Return the accounts from row `first` on, sorted by id."""
    rows = [stage.accounts[k].fields for k in _order(stage, first)]
    return pa.Table.from_pylist(rows, schema=ACCOUNTS)


def events_table(stage: Stage, begin: int, end: int) -> pa.Table:
    """Return what happens to accounts from `begin` until `end`, in time order."""
    events = sorted(
        (at, str(stage.accounts[account].fields["account_id"]), name, value)
        for account, at, name, value in stage.events
        if begin <= at < end
    )
    rows = [
        {
            "account_id": account,
            "occurred_at": stage.beginning + timedelta(microseconds=at),
            "field": name,
            "value": value,
        }
        for at, account, name, value in events
    ]
    return pa.Table.from_pylist(rows, schema=ACCOUNT_EVENTS)


def models_table(stage: Stage) -> pa.Table:
    """Return the models that become available, in the order of their release."""
    rows = [
        {
            "model": release.model,
            "available_at": stage.beginning + timedelta(microseconds=release.at),
            "input_price": release.input_price,
            "output_price": release.output_price,
        }
        for release in sorted(stage.releases, key=lambda r: (r.at, r.model))
    ]
    return pa.Table.from_pylist(rows, schema=MODELS)


def truth_table(stage: Stage, carried: npt.NDArray[np.int64]) -> pa.Table:
    """Return the truth about every account; `carried` gives its campaign's row or -1."""
    rows = [
        {
            "account_id": stage.accounts[k].fields["account_id"],
            "population": stage.accounts[k].population,
            "campaign_id": stage.campaigns[carried[k]] if carried[k] >= 0 else None,
            "operator": stage.accounts[k].operator,
        }
        for k in _order(stage)
    ]
    return pa.Table.from_pylist(rows, schema=TRUTH)


def _order(stage: Stage, first: int = 0) -> list[int]:
    return sorted(
        range(first, len(stage.accounts)), key=lambda k: str(stage.accounts[k].fields["account_id"])
    )
