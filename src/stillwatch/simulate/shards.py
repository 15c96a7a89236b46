"""Renders and writes exchanges in several processes, with the same bytes however many there are.

A world has a number of shards that depends on its size alone. A conversation belongs to one shard;
a shard's files hold its exchanges in time order. Each process looks after some shards.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Final, Protocol, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.simulate.exchanges import ExchangeTable
from stillwatch.simulate.records import TURN, Rows, picked
from stillwatch.simulate.streams import mix
from stillwatch.simulate.writer import FileFacts, Writer

LARGE: Final = 1_000_000
"""A world that is expected to have more exchanges than this is written in shards."""
SHARDS: Final = 4
ROWS_AT_ONCE: Final = 250_000
"""Exchanges of one shard that are rendered together; this bounds memory."""
_PROGRAM: Final = "stillwatch.simulate.shard_process"
_MEMORY: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
}
"""Has the C library keep what is freed: to ask the system for fresh pages again and again costs a
tenth of the time. Other systems' C libraries do not know these names."""
_AHEAD: Final = 2
"""Parts that may wait for a process."""


def shards_for(expected: float) -> int:
    """Return how many shards a world of about so many exchanges has."""
    return SHARDS if expected > LARGE else 1


def processes_for(shards: int, processes: int | None) -> int:
    """Return how many processes render: as many as asked for or as there are cores, but not more
    than there are shards; 0 where this process does it all."""
    wanted = processes if processes is not None else _cores()
    return 0 if shards == 1 or wanted <= 1 else min(shards, wanted)


def shard_of(rows: Rows, shards: int) -> npt.NDArray[np.int64]:
    """Return the shard of each attempt's conversation."""
    if shards == 1:
        return np.zeros(len(rows), np.int64)
    return (mix(rows["conversation"], 97) % np.uint64(shards)).astype(np.int64)


class Sink(Protocol):
    """Where attempts go to be rendered and written."""

    def write(self, rows: Rows) -> None:
        """Take attempts that follow, in time, all those of earlier calls."""

    def finish(self) -> list[FileFacts]:
        """Finish all files and say what they hold."""


@dataclass(slots=True)
class _Shard:
    number: int
    table: ExchangeTable
    writer: Writer


class OwnSink:
    """Renders and writes in this process."""

    def __init__(
        self, table: ExchangeTable, writers: Sequence[Writer], mine: Sequence[int] | None = None
    ) -> None:
        """Take one writer a shard, and which shards are this process's (all of them by default)."""
        self._count = len(writers)
        numbers = range(len(writers)) if mine is None else mine
        self._shards = [_Shard(k, table.copy(), writers[k]) for k in numbers]

    def write(self, rows: Rows) -> None:
        """Take attempts that follow, in time, all those of earlier calls."""
        which = shard_of(rows, self._count)
        for shard in self._shards:
            mine = rows if self._count == 1 else picked(rows, np.flatnonzero(which == shard.number))
            for begin in range(0, len(mine), ROWS_AT_ONCE):
                part = mine[begin : begin + ROWS_AT_ONCE]
                shard.writer.write(shard.table.render(part, coded=True), part, shard.table)

    def finish(self) -> list[FileFacts]:
        """Finish all files and say what they hold."""
        return [facts for shard in self._shards for facts in shard.writer.finish()]


class ProcessSink:
    """Hands attempts to processes that render and write them.

    Each is a fresh interpreter that runs `shard_process`: a fork would copy the locks of Arrow's and
    Numba's threads, and `multiprocessing` would import the caller's main program once more.
    """

    def __init__(self, table: ExchangeTable, writers: Sequence[Writer], processes: int) -> None:
        """Start the processes; `table` and `writers` are copied into each."""
        self._shards = len(writers)
        self._helpers = [
            _Helper((table, list(writers), range(number, len(writers), processes)))
            for number in range(processes)
        ]

    def write(self, rows: Rows) -> None:
        """Take attempts that follow, in time, all those of earlier calls."""
        which = shard_of(rows, self._shards) % len(self._helpers)
        for number, helper in enumerate(self._helpers):
            helper.give(picked(rows, np.flatnonzero(which == number)).tobytes())

    def finish(self) -> list[FileFacts]:
        """Finish all files and say what they hold."""
        for helper in self._helpers:
            helper.give(None)
        return [facts for helper in self._helpers for facts in helper.result()]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for helper in self._helpers:
            helper.stop()


class _Helper:
    """One process, and the thread that feeds it, so that none waits for another's process."""

    def __init__(self, task: object) -> None:
        places = [path for path in sys.path if path]
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_MEMORY, "PYTHONPATH": os.pathsep.join(places)},
        )
        self._messages: Queue[object] = Queue(_AHEAD)
        self._messages.put(task)
        self._broken = False
        self._thread = Thread(target=self._feed, daemon=True)
        self._thread.start()

    def give(self, message: bytes | None) -> None:
        """Hand over attempts, or that there are no more."""
        if self._broken:
            self.result()
        self._messages.put(message)

    def result(self) -> list[FileFacts]:
        """Wait for the files; raises RuntimeError with the process's own words if it failed."""
        assert self._process.stdout is not None  # noqa: S101
        try:
            said = pickle.load(self._process.stdout)  # noqa: S301
        except EOFError:
            said = f"exit code {self._process.wait()}"
        if isinstance(said, str):
            raise RuntimeError("a process that writes exchanges failed: " + said)
        facts: list[FileFacts] = said
        return facts

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        if self._thread.is_alive():
            self._messages.put(None)
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _feed(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101
        message: object = self
        while message is not None:
            message = self._messages.get()
            if self._broken:
                continue
            try:
                pickle.dump(message, pipe, pickle.HIGHEST_PROTOCOL)
                pipe.flush()
            except OSError:
                # The process is gone; `result` will say why.
                self._broken = True


def work() -> None:
    """Render and write whatever stands on standard input, until told that there is no more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Nothing else may speak there.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # As many processes as cores are at work already.
    pa.set_cpu_count(1)
    try:
        table, writers, mine = pickle.load(sys.stdin.buffer)  # noqa: S301
        sink = OwnSink(table, writers, mine)
        while (message := pickle.load(sys.stdin.buffer)) is not None:  # noqa: S301
            sink.write(np.frombuffer(message, TURN))
        said: list[FileFacts] | str = sink.finish()
    except Exception:  # noqa: BLE001
        said = traceback.format_exc()
    pickle.dump(said, answers)
    answers.close()


def _cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
