"""Compares a world's innocent traffic with real traces and writes what was found."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from benchmarks.traces import made, real
from benchmarks.traces.picture import picture
from benchmarks.traces.samples import Measure
from benchmarks.traces.tables import section, summary
from stillwatch.simulate.traces import read_traces

_MEASURES: Final = (
    (
        "gaps",
        "Gaps between a client's requests",
        "gap / mean of its 10 minutes",
        "world: programs",
        True,
    ),
    (
        "burstiness",
        "Burstiness of a client's 10 minutes",
        "coefficient of variation",
        "world: programs",
        True,
    ),
    ("rates", "Rates of clients", "rate / mean rate", "world: programs", True),
    ("calls", "Requests in a session", "requests", "world: agents", True),
    ("pauses", "Pauses inside a session", "seconds", "world: agents", True),
    ("tokens_in", "Tokens in", "tokens", "world", True),
    ("tokens_out", "Tokens out", "tokens", "world", True),
    ("hours", "Hour of the day, UTC", "hour", "world", False),
)


def compare(world: Path, traces: Path) -> list[Measure]:
    """Return every measure with the world's samples first."""
    traffic = made.InnocentTraffic(world)
    ours = traffic.samples()
    theirs = real.samples(read_traces(traces), traffic.window_sizes())
    return [
        Measure(name, title, unit, (*ours[name], *theirs[name]), counterpart, logarithmic)
        for name, title, unit, counterpart, logarithmic in _MEASURES
        if ours.get(name) and theirs.get(name)
    ]


def main() -> None:
    """Print the tables; write the picture where it is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.traces", description=__doc__)
    parser.add_argument("--world", type=Path, required=True, help="a folder that simulate wrote")
    parser.add_argument("--traces", type=Path, required=True, help="a folder of public traces")
    parser.add_argument("--picture", type=Path, help="where to write the SVG")
    arguments = parser.parse_args()
    measures = compare(arguments.world, arguments.traces)
    print(summary(measures))
    for measure in measures:
        print(section(measure))
    if arguments.picture is not None:
        arguments.picture.parent.mkdir(parents=True, exist_ok=True)
        arguments.picture.write_text(picture(measures), encoding="utf-8")
