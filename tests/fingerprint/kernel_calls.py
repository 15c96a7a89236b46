"""Short ways to call the kernel from tests."""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa

from stillwatch.fingerprint import fingerprint_text
from stillwatch.model.hashing import HashKey

KEY = HashKey.from_text("a key for tests")


def fingerprint_of(text: str | None, key: HashKey = KEY) -> dict[str, Any]:
    """Return the kernel's columns of one prompt."""
    row: dict[str, Any] = fingerprint_text(pa.array([text], pa.string()), key).to_pylist()[0]
    return row


def column_of(texts: list[str], name: str, key: HashKey = KEY) -> list[Any]:
    """Return one of the kernel's columns for several prompts."""
    values: list[Any] = fingerprint_text(pa.array(texts, pa.string()), key).column(name).to_pylist()
    return values


def chance_from(seed: int) -> random.Random:
    """Return a source of chance that is the same in every run."""
    return random.Random(seed)  # noqa: S311 (test data, no secret)
