"""Laws of arrivals keep their means and bounds, whether parametric or from traces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from stillwatch.errors import UsageError
from stillwatch.simulate.arrivals import MEAN_SPACING, MOST_TURNS, Arrivals, ParametricArrivals
from stillwatch.simulate.populations import crowd
from stillwatch.simulate.presets import Preset
from stillwatch.simulate.records import Rhythm
from stillwatch.simulate.streams import mix
from stillwatch.simulate.trace_arrivals import TraceArrivals
from stillwatch.simulate.traces import read_traces
from stillwatch.simulate.world import World
from tests.components import component

MANY = 40_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a little trace of each kind."""
    rng = np.random.Generator(np.random.PCG64(2))
    seconds = np.sort(rng.uniform(0, 50, 300))
    rows = [f"2023-11-16 18:15:{s:010.7f},{1000 + k},{1 + k % 40}" for k, s in enumerate(seconds)]
    azure = "TIMESTAMP,ContextTokens,GeneratedTokens\n" + "\n".join(rows)
    (tmp_path / "AzureLLMInferenceTrace_conv.csv").write_text(azure)
    windows = []
    for window in range(14 * 144):
        busy = window % 144 >= 72
        windows.append(f"{600 * window},{0.2 if busy else 0},2.5,{'Gamma' if busy else ''},0.2,40")
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "chunk-3-trace.csv").write_text("\n".join(windows))
    for session, calls in enumerate((11, 21, 41)):
        lines = [
            json.dumps({"timestamp": 10**15 + 2_000_000 * k, "input": "x" * 40, "output": "y" * 8})
            for k in range(calls)
        ]
        (tmp_path / f"agent__{session}.jsonl").write_text("\n".join(lines))
    return tmp_path


def _laws(folder: Path) -> list[Arrivals]:
    return [ParametricArrivals(), TraceArrivals.from_folder(folder)]


def test_weeks_have_mean_one_and_seven_days(folder: Path) -> None:
    for law in _laws(folder):
        for rhythm in get_args(Rhythm):
            week = law.week(rhythm)
            assert week.shape == (7, 24)
            assert week.mean() == pytest.approx(1.0)
            assert week.min() >= 0


@pytest.mark.parametrize("loop", [False, True])
@pytest.mark.parametrize("median", [0.0, 0.6, 3.0, 14.0, 40.0])
def test_the_stated_mean_of_turns_is_the_mean(folder: Path, median: float, loop: bool) -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    for law in _laws(folder):
        turns = law.further_turns(np.full(MANY, median), np.full(MANY, loop), rng)
        mean = law.mean_further_turns(median, loop)
        assert turns.mean() == pytest.approx(mean, rel=0.03, abs=0.01)
        assert turns.max() < MOST_TURNS
        assert turns.min() >= 0


def test_gaps_are_bursty_around_one_mean(folder: Path) -> None:
    for law in _laws(folder):
        rng = np.random.Generator(np.random.PCG64(3))
        gaps = law.spacings(np.full(MANY, 10.0), rng)
        assert gaps.mean() == pytest.approx(10 * MEAN_SPACING, rel=0.06)
        assert 1.4 < gaps.std() / gaps.mean() < 4


def test_what_names_give_does_not_depend_on_their_neighbours(folder: Path) -> None:
    names = mix(np.arange(50, dtype=np.uint64), 1)
    for law in _laws(folder):
        for factors in (law.answer_factors, law.context_factors):
            together = factors(names)
            assert factors(names[7:8])[0] == together[7]
            assert (together > 0).all()


def test_traces_shape_what_they_speak_of(folder: Path) -> None:
    law, rng = TraceArrivals.from_folder(folder), np.random.Generator(np.random.PCG64(3))
    week = law.week("always")
    assert week[:, :12].max() == 0
    assert week[:, 12:].min() > 1.5
    assert (law.week("office") == ParametricArrivals().week("office")).all()
    calls = law.further_turns(np.full(9_000, 20.0), np.full(9_000, True), rng)
    assert np.quantile(calls, [0.02, 0.5, 0.98]) == pytest.approx([10, 20, 40], rel=0.15)
    pauses = law.pauses(np.full(500, 7.0), np.full(500, True), rng)
    assert pauses == pytest.approx(np.full(500, 7.0))
    # Gamma gaps of shape 0.2 are far burstier than a person's.
    gaps = law.spacings(np.full(MANY, 1.0), rng)
    assert np.median(gaps) < 0.3 * gaps.mean()
    answers = law.answer_factors(mix(np.arange(MANY, dtype=np.uint64), 1))
    assert np.median(answers) == pytest.approx(1.0, rel=0.05)
    assert answers.max() == pytest.approx(40 / 19)


def test_a_crowd_keeps_its_rate_when_it_follows_traces(folder: Path) -> None:
    preset = Preset("crowd", "innocents", 7, crowd(400, 5.0))
    world = World(preset, seed=2, arrivals=TraceArrivals.from_folder(folder))
    rows = sum(part.exchanges.num_rows for part in world.advance(world.stage.end))
    assert rows / 7 / 400 == pytest.approx(5.0, rel=0.12)


def test_its_name_tells_the_files_apart(folder: Path) -> None:
    first = TraceArrivals.from_folder(folder).name
    assert first == TraceArrivals.from_folder(folder).name
    (folder / "agent__0.jsonl").unlink()
    assert first != TraceArrivals.from_folder(folder).name
    assert first.startswith("traces sha256:")


def test_a_folder_without_traces_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no trace"):
        read_traces(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("AzureLLMInferenceTrace_code.csv", "TIMESTAMP,a,b\nnever,1,2", "an Azure trace"),
        ("chunk-0-trace.csv", "0,1", "a ServeGen trace"),
        ("x__1.jsonl", '{"timestamp": 1}', "an agent session"),
    ],
)
def test_a_file_that_is_something_else_is_named(
    tmp_path: Path, name: str, text: str, kind: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=f"{name} is not {kind}"):
        read_traces(tmp_path)


def test_the_shared_traces_are_read(root: Path) -> None:
    folder = root.parent / "shared" / "data" / "traces"
    component("shared traces", folder.is_dir())
    traces = read_traces(folder)
    assert [s.name for s in traces.services] == ["azure code", "azure conv"]
    assert len(traces.clients) > 250
    assert {s.name for s in traces.sessions} == {"magagent", "taubench"}
    law = TraceArrivals(traces)
    assert 5 < law.mean_further_turns(12.0, loop=True) < 20
