"""Measure how fast worlds are written, and with how much memory: `python -m benchmarks.simulate`.

It writes one world and prints exchanges a second by the clock and by CPU time (on a machine that
does other work too, only the second means something), bytes a row, and the highest resident memory
of all processes together, sampled every 0.2 seconds.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

from stillwatch.simulate import PRESETS, World, write_world
from stillwatch.simulate.shards import processes_for, shards_for


def main() -> None:
    """Write a world of the size that was asked for, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="demo", choices=sorted(PRESETS))
    parser.add_argument("--exchanges", type=float, default=5e6, help="about so many (default 5e6)")
    parser.add_argument("--innocent-accounts", type=int, help="instead of scaling the innocents")
    parser.add_argument("--scale", type=float, help="instead of --exchanges")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, help="default: one a core")
    parser.add_argument("--out", type=Path, help="where to write; by default a temporary folder")
    arguments = parser.parse_args()
    scale = arguments.scale or _scale(arguments.preset, arguments.exchanges)
    with tempfile.TemporaryDirectory() as folder:
        out = arguments.out or Path(folder) / "world"
        _measure(arguments, scale, out)


def _scale(preset: str, exchanges: float) -> float:
    """Return the scale at which a preset has about so many exchanges, from a small one."""
    small = World(preset, 0.2)
    return max(0.01, 0.2 * exchanges / small.expected())


def _measure(arguments: argparse.Namespace, scale: float, out: Path) -> None:
    begin = time.perf_counter()
    cpu = _cpu_seconds()
    populated: list[tuple[float, float]] = []

    def tell(text: str) -> None:
        if not populated:
            populated.append((time.perf_counter() - begin, _cpu_seconds() - cpu))
        print(text, flush=True)

    with _Memory() as memory:
        world = write_world(
            arguments.preset,
            scale,
            arguments.seed,
            out,
            tell,
            innocent_accounts=arguments.innocent_accounts,
            processes=arguments.processes,
        )
    wall, cpu = time.perf_counter() - begin, _cpu_seconds() - cpu
    ready, ready_cpu = populated[0]
    parts = list((out / "exchanges").iterdir())
    size = sum(part.stat().st_size for part in parts)
    shards = shards_for(len(parts) * 1e6 if len(parts) > 1 else 0)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(
        f"\n{arguments.preset} at scale {scale:g}, seed {arguments.seed}: {world.accounts:,} accounts, "
        f"{world.exchanges:,} exchanges, {world.campaign_exchanges:,} of them campaigns'\n"
        f"cores {cores}, processes that render {processes_for(shards, arguments.processes)}, "
        f"load {os.getloadavg()[0]:.1f}\n"
        f"populate {ready:.1f} s ({ready_cpu:.1f} s of CPU)\n"
        f"write {wall - ready:.1f} s ({cpu - ready_cpu:.1f} s of CPU)\n"
        f"{world.exchanges / (wall - ready):,.0f} exchanges a second by the clock\n"
        f"{world.exchanges / (cpu - ready_cpu):,.0f} exchanges a second and core of CPU time\n"
        f"{size / world.exchanges:.1f} bytes a row\n"
        f"{memory.peak / 1e9:.2f} GB at most, all processes together"
    )


def _cpu_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


class _Memory:
    """Samples the resident memory of this process and all below it."""

    def __init__(self) -> None:
        self.peak = 0
        self._stop = Event()
        self._thread = Thread(target=self._sample, daemon=True)

    def __enter__(self) -> _Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stop.wait(0.2):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _family(os.getpid())))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        below = [int(child) for child in children.read_text().split()]
    except OSError:
        below = []
    return [pid, *(one for child in below for one in _family(child))]


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
