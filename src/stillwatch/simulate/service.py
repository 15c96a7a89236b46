"""How the provider answers: errors, outages, retries; each turn becomes one or more attempts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.jit import entry, part
from stillwatch.simulate.keyed import hashed, share
from stillwatch.simulate.records import DAY, SECOND, TURN, Rows
from stillwatch.simulate.streams import generator

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
    safe = np.isin(turns["conversation"], sure) if len(sure) else np.zeros(len(turns), bool)
    kinds = np.full((len(turns), _ATTEMPTS), _NONE, np.int8)
    counts = np.zeros(len(turns), np.int64)
    total = _draw_failures(turns, windows, safe, _ORDINARY, _OUTAGE, _RETRIED, kinds, counts)
    rows = np.zeros(total, TURN)
    _write_attempts(turns, failover, kinds, counts, _STATUS, _OWN, rows)
    return rows


_NONE: Final = -1
_RETRIED: Final = np.array([f.retried for f in FAILURES])
_STATUS: Final = np.array([f.status for f in FAILURES], np.int16)
_OWN: Final = np.array([f.scope == "account" for f in FAILURES])
_TURN_STEP: Final = np.uint64(1 << 40)
_SECOND: Final = SECOND
_LIMITED: Final = 429


@part
def _name(turn: Any) -> Any:
    """Return the 64-bit name of a turn's dealings with the provider."""
    return hashed(np.uint64(turn.conversation) + np.uint64(turn.turn) * _TURN_STEP, 31)


@entry
def _draw_failures(
    turns: Any,
    windows: Any,
    safe: Any,
    ordinary: Any,
    outage: Any,
    retried: Any,
    kinds: Any,
    counts: Any,
) -> int:
    """Draw how each attempt fails (or not), and count the attempts; return how many in all."""
    total = 0
    lost = False
    for k in range(len(turns)):
        if k == 0 or turns[k].conversation != turns[k - 1].conversation:
            lost = False
        if lost:
            continue
        name = _name(turns[k])
        out = False
        for window in range(len(windows)):
            if windows[window, 0] <= turns[k].at < windows[window, 1]:
                out = True
        failed = 0
        for attempt in range(_ATTEMPTS):
            if safe[k]:
                break
            if share(hashed(name, 40 + attempt)) >= (_OUTAGE_RATE if out else _ERROR_RATE):
                break
            draw = share(hashed(name, 50 + attempt))
            edges = outage if out else ordinary
            kind = 0
            while kind < len(edges) - 1 and draw > edges[kind]:
                kind += 1
            kinds[k, attempt] = kind
            failed += 1
            if not retried[kind]:
                lost = True
                break
        lost = lost or failed == _ATTEMPTS
        counts[k] = failed + (0 if lost else 1)
        total += counts[k]
    return total


@entry
def _write_attempts(
    turns: Any, failover: Any, kinds: Any, counts: Any, statuses: Any, owns: Any, rows: Any
) -> None:
    written = 0
    shift = 0
    for k in range(len(turns)):
        if k == 0 or turns[k].conversation != turns[k - 1].conversation:
            shift = 0
        name = _name(turns[k])
        waited = 0
        own = False
        for attempt in range(counts[k]):
            rows[written] = turns[k]
            row = rows[written]
            kind = kinds[k, attempt] if attempt < _ATTEMPTS else _NONE
            row.attempt = attempt
            own_before, waited_before = own, waited
            own = kind >= 0 and owns[kind]
            waited = 0
            row.status = statuses[kind] if kind >= 0 else 200
            row.own_fault = own
            if row.status == _LIMITED:
                draw = share(hashed(name + np.uint64(attempt), 60))
                waited = 1000 * (2 + int(60 * draw * draw))
            row.wait_ms = waited
            if attempt > 0:
                over = share(hashed(name + np.uint64(attempt), 62)) < failover[k]
                row.moved = own_before and over
                # A relay goes to another account after 2 to 30 s; a client waits as told, then
                # backs off.
                spread = share(hashed(name + np.uint64(attempt), 61))
                if row.moved:
                    delay = 2 + 28 * spread * spread
                elif waited_before > 0:
                    delay = waited_before / 1000 + spread
                else:
                    delay = 0.6 + 6 * spread
                shift += int(delay * _SECOND)
            row.at = turns[k].at + shift
            written += 1
