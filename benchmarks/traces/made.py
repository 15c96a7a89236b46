"""The quantities as the innocent traffic of a world has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.traces.samples import Floats, Ints, Sample, window_gaps

_COLUMNS: Final = (
    "account_id",
    "occurred_at",
    "status",
    "session_id",
    "pathway",
    "tools_hash",
    "prompt_role",
    "input_tokens",
    "output_tokens",
    "prior_assistant_hashes",
)
_MOST_WINDOWS: Final = 20
_PROGRAMS: Final = ("pipeline", "benchmark", "evaluator", "migration", "aggregator", "small_app")


class InnocentTraffic:
    """The innocents' exchanges of a world's folder, in columns."""

    def __init__(self, world: Path, part: int = 0) -> None:
        truth = pq.read_table(world / "truth.parquet", columns=["account_id", "population"])
        files = sorted((world / "exchanges").glob("*.parquet"))
        table = pq.read_table(files[:part] if part else files, columns=list(_COLUMNS))
        place = pc.index_in(table["account_id"], truth["account_id"].combine_chunks())
        account = place.to_numpy(zero_copy_only=False).astype(np.int64)
        population = np.array(truth["population"].to_pylist())[account]
        kept = population != "campaign"
        table = table.filter(kept)
        self.account, self.population = account[kept], population[kept]
        self.at = table["occurred_at"].cast("int64").to_numpy() / 1e6
        self.good = table["status"].to_numpy() == 200
        self.app = _equals(table["pathway"], "app")
        self.tools = np.array(pc.is_valid(table["tools_hash"]))
        self.tokens_in = _numbers(table["input_tokens"])
        self.tokens_out = _numbers(table["output_tokens"])
        self.history = pc.list_value_length(table["prior_assistant_hashes"]).to_numpy(
            zero_copy_only=False
        )
        self.session = (
            pc.dictionary_encode(table["session_id"])
            .combine_chunks()
            .indices.fill_null(-1)
            .to_numpy(zero_copy_only=False)
            .astype(np.int64)
        )

    def samples(self) -> dict[str, list[Sample]]:
        """Return the samples of each measure, by the measure's name."""
        found: dict[str, list[Sample]] = {}

        def put(measure: str, source: str, values: Floats) -> None:
            if len(values):
                found.setdefault(measure, []).append(Sample(source, False, values))

        programs = np.isin(self.population, _PROGRAMS)
        for source, rows in (("world", np.ones(len(self.at), bool)), ("world: programs", programs)):
            windows, rates = self._by_account(rows)
            if windows:
                put("gaps", source, np.concatenate(windows))
                put("burstiness", source, np.array([gaps.std() for gaps in windows]))
            put("rates", source, rates)
        kinds = {
            "world": np.ones(len(self.at), bool),
            "world: chats": self.app,
            "world: programs": programs,
            "world: agents": self.tools & (self.session >= 0),
        }
        for source, rows in kinds.items():
            rows = rows & self.good
            put("tokens_in", source, self.tokens_in[rows])
            put("tokens_out", source, np.maximum(self.tokens_out[rows], 1))
        for source, rows in (("world: agents", kinds["world: agents"]), ("world: chats", self.app)):
            calls, pauses = self._sessions(rows & (self.session >= 0))
            put("calls", source, calls)
            put("pauses", source, pauses)
        put("hours", "world", (self.at % 86_400 // 3600).astype(float))
        put("hours", "world: programs", (self.at[programs] % 86_400 // 3600).astype(float))
        return found

    def window_sizes(self) -> Ints:
        """Return how many gaps the programs' ten-minute windows hold."""
        windows, _ = self._by_account(np.isin(self.population, _PROGRAMS))
        return np.array([len(gaps) for gaps in windows])

    def _by_account(self, rows: npt.NDArray[np.bool_]) -> tuple[list[Floats], Floats]:
        """Return windows of gaps, no account with more than twenty, and accounts' rates."""
        rng = np.random.Generator(np.random.PCG64(12))
        order = np.lexsort((self.at[rows], self.account[rows]))
        account, at = self.account[rows][order], self.at[rows][order]
        windows: list[Floats] = []
        counts = []
        for times in np.split(at, np.flatnonzero(np.diff(account)) + 1):
            counts.append(len(times))
            mine = window_gaps(times)
            few = rng.permutation(len(mine))[:_MOST_WINDOWS]
            windows += [mine[k] for k in few]
        rate = np.array(counts, float)
        return windows, rate / rate.mean()

    def _sessions(self, rows: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return the requests of each session and the seconds between them."""
        order = np.lexsort((self.at[rows], self.session[rows]))
        session, at = self.session[rows][order], self.at[rows][order]
        same = session[1:] == session[:-1]
        pauses = np.diff(at)[same]
        _, calls = np.unique(session, return_counts=True)
        return calls.astype(float), pauses[pauses > 0]


def _numbers(column: Any) -> Floats:
    values: Floats = column.fill_null(0).to_numpy().astype(float)
    return values


def _equals(column: Any, word: str) -> npt.NDArray[np.bool_]:
    flags: npt.NDArray[np.bool_] = (
        pc.equal(column, word).fill_null(False).to_numpy(zero_copy_only=False)
    )
    return flags
