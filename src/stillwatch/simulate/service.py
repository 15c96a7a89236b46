"""How the provider answers: errors, outages, retries; each turn becomes one or more attempts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.records import DAY, SECOND, Rows
from stillwatch.simulate.streams import generator, mix, unit

_ERROR_RATE: Final = 0.02
_OUTAGE_RATE: Final = 0.55
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """One way in which a request can fail."""

    status: int
    error_type: str
    scope: str | None
    retried: bool


FAILURES: Final = (
    Failure(429, "rate_limit_error", "account", True),
    Failure(529, "overloaded_error", "provider", True),
    Failure(500, "api_error", "provider", True),
    Failure(400, "invalid_request_error", None, False),
    Failure(403, "permission_error", "account", True),
)
_ORDINARY: Final = np.cumsum([0.42, 0.24, 0.14, 0.17, 0.03])
_OUTAGE: Final = np.cumsum([0.02, 0.68, 0.30, 0.0, 0.0])


def outages(seed: int, days: int) -> npt.NDArray[np.int64]:
    """Return the provider's outages as rows of (start, end) in microseconds."""
    rng = generator("outages", seed)
    start = np.sort(rng.integers(0, days * DAY, max(1, days // 6)))
    return np.stack([start, start + rng.integers(6, 25, len(start)) * 60 * SECOND], axis=1)


def attempts(
    turns: Rows,
    failover: npt.NDArray[np.float64],
    windows: npt.NDArray[np.int64],
    sure: npt.NDArray[np.uint64],
) -> Rows:
    """Return one row an attempt; a conversation ends with the first turn that never succeeds.

    `turns` holds each conversation's turns together and in order; so does the result. `failover` is
    each turn's chance that an error of the account's own is answered by going to another one. The
    conversations in `sure` never fail.
    """
    name = mix(turns["conversation"] + turns["turn"].astype(np.uint64) * np.uint64(1 << 40), 31)
    out = np.zeros(len(turns), bool)
    for start, end in windows:
        out |= (turns["at"] >= start) & (turns["at"] < end)
    failing = np.ones(len(turns), bool)
    alive = np.ones(len(turns), bool)
    kinds = np.full((len(turns), _ATTEMPTS), -1, np.int64)
    for attempt in range(_ATTEMPTS):
        failing &= unit(mix(name, 40 + attempt)) < np.where(out, _OUTAGE_RATE, _ERROR_RATE)
        draw = unit(mix(name, 50 + attempt))
        kind = np.where(out, np.searchsorted(_OUTAGE, draw), np.searchsorted(_ORDINARY, draw))
        kinds[:, attempt] = np.where(failing & alive, np.minimum(kind, len(FAILURES) - 1), -1)
        alive &= ~np.isin(kinds[:, attempt], [k for k, f in enumerate(FAILURES) if not f.retried])
    kinds[np.isin(turns["conversation"], sure)] = -1
    failed = (kinds >= 0).sum(axis=1)
    lost = (failed == _ATTEMPTS) | (~alive & (failed > 0))
    kept = _before_loss(turns["conversation"], lost)
    turns, kinds, failed = turns[kept], kinds[kept], failed[kept]
    lost, name, failover = lost[kept], name[kept], failover[kept]

    count = failed + ~lost
    rows = np.repeat(turns, count)
    owner = np.repeat(np.arange(len(turns)), count)
    rows["attempt"] = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    kind = np.where(
        rows["attempt"] < failed[owner],
        kinds[owner, np.minimum(rows["attempt"], _ATTEMPTS - 1)],
        -1,
    )
    table = np.array([f.status for f in FAILURES] + [200])
    own = np.array([f.scope == "account" for f in FAILURES] + [False])
    rows["status"] = table[kind]
    rows["own_fault"] = own[kind]
    again = rows["attempt"] > 0
    rows["moved"][1:] = again[1:] & rows["own_fault"][:-1]
    over = unit(mix(name[owner] + rows["attempt"].astype(np.uint64), 62)) < failover[owner]
    rows["moved"] &= over

    draw = unit(mix(name[owner] + rows["attempt"].astype(np.uint64), 60))
    rows["wait_ms"] = np.where(
        rows["status"] == 429, 1000 * (2 + (60 * draw**2).astype(np.int64)), 0
    )
    spread = unit(mix(name[owner] + rows["attempt"].astype(np.uint64), 61))
    # A relay goes to another account after 2 to 30 s; a client waits as told, then backs off.
    relay = 2 + 28 * spread**2
    waited = np.concatenate([[0], rows["wait_ms"][:-1]]) / 1000
    client = np.where(waited > 0, waited + spread, 0.6 + 6 * spread)
    delay = np.where(again, np.where(rows["moved"], relay, client), 0)
    rows["at"] += _shift(delay, rows["conversation"])
    return rows


def _before_loss(
    conversation: npt.NDArray[np.uint64], lost: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Return which turns come no later than their conversation's first lost turn."""
    running = np.cumsum(lost)
    first = np.concatenate([[True], conversation[1:] != conversation[:-1]]) if len(lost) else lost
    start = np.maximum.accumulate(np.where(first, np.arange(len(lost)), 0))
    before = np.where(start > 0, running[np.maximum(start, 1) - 1], 0)
    kept: npt.NDArray[np.bool_] = running - lost - before == 0
    return kept


def _shift(
    delay: npt.NDArray[np.float64], conversation: npt.NDArray[np.uint64]
) -> npt.NDArray[np.int64]:
    """Return the delay gathered so far in each row's conversation, in microseconds."""
    total = np.cumsum((delay * SECOND).astype(np.int64))
    first = np.concatenate([[True], conversation[1:] != conversation[:-1]])[: len(total)]
    start = np.maximum.accumulate(np.where(first, np.arange(len(total)), 0))
    shift: npt.NDArray[np.int64] = total - np.where(start > 0, total[np.maximum(start, 1) - 1], 0)
    return shift
