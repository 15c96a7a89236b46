"""Reads public traces of model traffic: Azure 2023, ServeGen and LMCache's agent sessions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.errors import UsageError

Floats = npt.NDArray[np.float64]
WINDOW_S: Final = 600.0
"""Seconds of one of ServeGen's windows."""
CHARACTERS_A_TOKEN: Final = 4.0
"""For the agent sessions, whose text is given and whose tokens are not."""
_PATTERNS: Final = ("AzureLLMInferenceTrace_*.csv", "chunk-*-trace.csv", "*.jsonl")
_READABLE: Final = ("", ".zst", ".gz")


@dataclass(frozen=True, slots=True)
class TokenTrace:
    """One service's requests in time order: seconds since the first, tokens in and out."""

    name: str
    at: Floats
    tokens_in: Floats
    tokens_out: Floats


@dataclass(frozen=True, slots=True)
class ClientTrace:
    """One client's windows: start in seconds, requests a second, and the gaps between requests.

    `cv` is the coefficient of variation of the gaps; `family` is "Gamma", "Weibull" or "" and
    `shape` the fitted distribution's shape parameter.
    """

    name: str
    start: Floats
    rate: Floats
    cv: Floats
    family: tuple[str, ...]
    shape: Floats


@dataclass(frozen=True, slots=True)
class SessionTrace:
    """One agent session's calls in time order: seconds since the first, tokens in and out."""

    name: str
    at: Floats
    tokens_in: Floats
    tokens_out: Floats


@dataclass(frozen=True, slots=True)
class Traces:
    """Whatever traces a folder holds."""

    services: tuple[TokenTrace, ...]
    clients: tuple[ClientTrace, ...]
    sessions: tuple[SessionTrace, ...]
    digest: str
    """SHA-256 over the files' digests, in the order of their paths."""


def read_traces(folder: Path) -> Traces:
    """Read every trace below a folder, by the names that their publishers gave the files.

    `AzureLLMInferenceTrace_*.csv` (TIMESTAMP, ContextTokens, GeneratedTokens), ServeGen's
    `chunk-*-trace.csv` (start, rate, cv, family, shape, scale) and LMCache's `*.jsonl` (timestamp,
    input, output, session_id), each plain, .gz or .zst. Raises UsageError if there is none, or for
    a file that cannot be read as what its name says.
    """
    paths = [_found(folder, pattern) for pattern in _PATTERNS]
    services = [_azure(path) for path in paths[0]]
    clients = [_servegen(path) for path in paths[1]]
    sessions = [s for path in paths[2] for s in _session(path)]
    if not (services or clients or sessions):
        raise UsageError(
            f"{folder} holds no trace that Stillwatch can read",
            hint="see docs/reference/simulated-traffic.md for the files that it knows",
        )
    digest = hashlib.sha256()
    for path in sorted(path for found in paths for path in found):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return Traces(tuple(services), tuple(clients), tuple(sessions), digest.hexdigest())


def _found(folder: Path, pattern: str) -> list[Path]:
    return sorted(p for suffix in _READABLE for p in folder.rglob(pattern + suffix))


def _lines(path: Path) -> list[str]:
    kind = {".zst": "zstd", ".gz": "gzip"}.get(path.suffix)
    try:
        text: bytes = pa.input_stream(str(path), compression=kind).read()
        return text.decode().splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path} cannot be read: {problem}") from problem


def _azure(path: Path) -> TokenTrace:
    rows = [line.split(",") for line in _lines(path)[1:]]
    try:
        at = np.array([datetime.fromisoformat(row[0][:26]).timestamp() for row in rows])
        tokens = np.array([[float(row[1]), float(row[2])] for row in rows])
    except (ValueError, IndexError) as problem:
        raise UsageError(f"{path} is not an Azure trace: {problem}") from problem
    order = np.argsort(at, kind="stable")
    name = path.name.split(".")[0].rpartition("_")[2]
    tokens = tokens[order]
    return TokenTrace(f"azure {name}", at[order] - at.min(), tokens[:, 0], tokens[:, 1])


def _servegen(path: Path) -> ClientTrace:
    rows = [line.split(",") for line in _lines(path)]
    try:
        start, rate, cv = (np.array([float(row[k]) for row in rows]) for k in range(3))
        family = tuple(row[3] for row in rows)
        shape = np.array([float(row[4]) for row in rows])
    except (ValueError, IndexError) as problem:
        raise UsageError(f"{path} is not a ServeGen trace: {problem}") from problem
    number = path.name.split("-")[1]
    return ClientTrace(f"{path.parent.name} {number}", start, rate, cv, family, shape)


def _session(path: Path) -> list[SessionTrace]:
    try:
        calls = [json.loads(line) for line in _lines(path)]
        calls.sort(key=lambda call: call["timestamp"])
        at = np.array([call["timestamp"] for call in calls], float) / 1e6
        size = [(len(call["input"]), len(call["output"])) for call in calls]
    except (ValueError, KeyError, TypeError) as problem:
        raise UsageError(f"{path} is not an agent session: {problem}") from problem
    if not calls:
        return []
    tokens = np.array(size, float) / CHARACTERS_A_TOKEN
    return [SessionTrace(path.name.split("__")[0], at - at[0], tokens[:, 0], tokens[:, 1])]
