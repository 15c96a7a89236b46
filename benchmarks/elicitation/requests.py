"""Requests made up by hand, before the lists were read: demands of each kind, and harmless ones."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

REQUESTS: Final = Path(__file__).parent / "requests.tsv"
HARMLESS: Final = "harmless"


@dataclass(frozen=True, slots=True)
class Request:
    """A text and what it asks for: the name of a feature, or `harmless`."""

    asks: str
    language: str
    text: str

    @property
    def held_out(self) -> bool:
        """Whether the lists may not be mended by it: a coin thrown by the hash of the text."""
        return bool(sha256(self.text.encode()).digest()[0] & 1)


def read_requests() -> list[Request]:
    """Return all requests in the order of the file."""
    lines = REQUESTS.read_text(encoding="utf-8").splitlines()
    return [Request(*line.split("\t")) for line in lines if not line.startswith("#")]
