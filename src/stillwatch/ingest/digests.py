"""SHA-256 of an input, for the record of what a result was made from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from stillwatch.ingest.locations import LogFile

_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Digest:
    """The SHA-256 of a file, or why there is none."""

    sha256: str | None
    problem: str | None = None

    def entry(self) -> dict[str, str | None]:
        """Return what a record says: `sha256`, which is null where `problem` says why."""
        if self.problem is None:
            return {"sha256": self.sha256}
        return {"sha256": None, "problem": self.problem}


def digest_of(file: LogFile) -> Digest:
    """Read a file once more for its digest; a file that cannot be read has none, and says why."""
    digest = hashlib.sha256()
    try:
        with file.open_stream() as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
    except OSError as error:
        return Digest(None, f"it could not be read again: {error}")
    return Digest(digest.hexdigest())
