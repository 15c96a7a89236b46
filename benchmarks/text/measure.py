"""Measures of a column of prompts."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

_WORD = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]|(?:[^\W_]|[\u0300-\u036f\u0900-\u097f])+")
"""A word; where scripts have no spaces, a letter."""
RUN = 8
_LOOKED_AT = 20_000
QUANTILES = (5, 25, 50, 75, 90, 95, 99, 99.9)


@dataclass(frozen=True, slots=True)
class Measures:
    """What one source of prompts looks like."""

    prompts: int
    mean: float
    quantiles: tuple[int, ...]
    shared: float
    """Share of the different runs of eight words that occur with two owners or more."""
    occurrences: float
    """Share of all runs of eight words, each counted once an owner, that others have too."""
    compression: float
    """Bytes of text for one byte of Parquet with Zstandard."""


def runs_of(text: str, length: int = RUN) -> set[int]:
    """Return the hashes of a text's runs of words."""
    words = _WORD.findall(text[:_LOOKED_AT].lower())
    return {hash(tuple(words[k : k + length])) for k in range(len(words) - length + 1)}


def shared_runs(texts: Sequence[str], owners: Sequence[object]) -> tuple[float, float]:
    """Return the share of different runs, and of occurrences, that several owners have."""
    first: dict[int, object] = {}
    several: dict[int, set[object]] = {}
    for text, owner in zip(texts, owners, strict=True):
        for run in runs_of(text):
            known = first.setdefault(run, owner)
            if known != owner:
                several.setdefault(run, {known}).add(owner)
    if not first:
        return 0.0, 0.0
    common = sum(len(who) for who in several.values())
    return len(several) / len(first), common / (len(first) - len(several) + common)


def compression(texts: Sequence[str]) -> float:
    """Return how many bytes of text one byte of a Parquet column holds."""
    buffer = io.BytesIO()
    pq.write_table(pa.table({"prompt": pa.array(texts)}), buffer, compression="zstd")
    return sum(len(text.encode()) for text in texts) / max(1, buffer.tell())


def measure(texts: Sequence[str], owners: Sequence[object]) -> Measures:
    """Return all measures of some prompts and whose they are."""
    lengths = np.array([len(text) for text in texts])
    shared, occurrences = shared_runs(texts, owners)
    return Measures(
        prompts=len(texts),
        mean=float(lengths.mean()),
        quantiles=tuple(int(q) for q in np.percentile(lengths, QUANTILES)),
        shared=shared,
        occurrences=occurrences,
        compression=compression(texts),
    )
