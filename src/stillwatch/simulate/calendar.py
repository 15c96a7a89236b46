"""When worlds take place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

BEGINNING: Final = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday; every world starts here."""

START: Final = int(BEGINNING.timestamp()) * 1_000_000
"""The same in microseconds since 1970."""


def moment(microseconds: int) -> datetime:
    """Return the time that lies so many microseconds after the world's start."""
    return BEGINNING + timedelta(microseconds=microseconds)
