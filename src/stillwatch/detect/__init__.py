"""Finds groups of accounts that act as one, and judges them against innocent explanations."""

from stillwatch.detect.detection import Detection, detect
from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.links.registry import link_kinds
from stillwatch.detect.parameters import Parameters
from stillwatch.detect.readiness import Presence, readiness_table
from stillwatch.detect.traits.kind import TraitKind
from stillwatch.detect.traits.registry import trait_kinds

__all__ = [
    "Detection",
    "LinkKind",
    "Parameters",
    "Presence",
    "TraitKind",
    "detect",
    "link_kinds",
    "readiness_table",
    "trait_kinds",
]
