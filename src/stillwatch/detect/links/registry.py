"""The explicit registry of link kinds; further kinds come from entry points."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Final

from stillwatch.detect.links.failover import FAILOVER
from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.links.lineage import LINEAGE
from stillwatch.detect.links.signature_replay import SIGNATURE_REPLAY
from stillwatch.errors import UsageError

ENTRY_POINTS: Final = "stillwatch.links"

BUILT_IN: Final[tuple[LinkKind, ...]] = (LINEAGE, SIGNATURE_REPLAY, FAILOVER)


def link_kinds() -> tuple[LinkKind, ...]:
    """Return the built-in kinds, then those that installed packages offer under `stillwatch.links`."""
    kinds = list(BUILT_IN)
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda e: e.name):
        kind = entry.load()
        if not isinstance(kind, LinkKind):
            raise UsageError(
                f"entry point {entry.name!r} of {ENTRY_POINTS} is not a LinkKind",
                source=entry.value,
                hint="point it at an instance of stillwatch.detect.links.kind.LinkKind",
            )
        kinds.append(kind)
    names = [kind.name for kind in kinds]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise UsageError(f"two link kinds are called {', '.join(repeated)}")
    return tuple(kinds)
