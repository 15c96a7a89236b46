"""Recall, false alarms and rates of the feature bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.elicitation.requests import HARMLESS, Request
from stillwatch.detect.judgement.facts import ELICITING, PROCESSING
from stillwatch.fingerprint.fingerprinter import fingerprint_text
from stillwatch.model.hashing import HashKey
from stillwatch.model.vocabulary import FEATURES

DEMANDS: Final = (*ELICITING, *PROCESSING)
"""The features that a detector looks at; `structured_output` is everyday work."""
_KEY: Final = HashKey.from_text("a key for measuring")


def bits_of(texts: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return which features each text sets: one row a text, in the order of the bits."""
    column = fingerprint_text(pa.array(texts, pa.string()), _KEY).column("features")
    values = column.to_numpy(zero_copy_only=False).astype(np.int64)
    bits: npt.NDArray[np.bool_] = (values[:, None] >> np.arange(len(FEATURES)) & 1).astype(bool)
    return bits


def any_of(bits: npt.NDArray[np.bool_], names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return which rows set one of some features."""
    places = [place for place, name in enumerate(FEATURES) if name in names]
    return np.asarray(bits[:, places].any(axis=1), dtype=np.bool_)


def recalls(requests: Sequence[Request]) -> dict[str, tuple[int, int, int]]:
    """Return by feature: demands, those that set it, those that set any feature looked at.

    `eliciting` sums up the eliciting features, of which any counts.
    """
    bits = bits_of([request.text for request in requests])
    asks = np.array([request.asks for request in requests])
    found: dict[str, tuple[int, int, int]] = {}
    for place, name in enumerate(FEATURES):
        rows = bits[asks == name]
        found[name] = (len(rows), int(rows[:, place].sum()), int(any_of(rows, DEMANDS).sum()))
    rows = bits[np.isin(asks, ELICITING)]
    hit = int(any_of(rows, ELICITING).sum())
    found["eliciting"] = (len(rows), hit, hit)
    return found


def false_alarms(requests: Sequence[Request]) -> tuple[int, dict[str, int], int]:
    """Return how many harmless requests there are, those by feature, and those with any demand."""
    bits = bits_of([request.text for request in requests if request.asks == HARMLESS])
    by_feature = dict(zip(FEATURES, bits.sum(axis=0).tolist(), strict=True))
    return len(bits), by_feature, int(any_of(bits, DEMANDS).sum())
