"""The explicit registry of link kinds; further kinds come from entry points."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.extension import with_extensions
from stillwatch.detect.links.failover import FAILOVER
from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.links.lineage import LINEAGE
from stillwatch.detect.links.signature_replay import SIGNATURE_REPLAY

ENTRY_POINTS: Final = "stillwatch.links"

BUILT_IN: Final[tuple[LinkKind, ...]] = (LINEAGE, SIGNATURE_REPLAY, FAILOVER)


def link_kinds() -> tuple[LinkKind, ...]:
    """Return the built-in kinds, then those that installed packages offer under `stillwatch.links`."""
    return with_extensions(BUILT_IN, LinkKind, ENTRY_POINTS)
