"""Makes labelled worlds: logs of many accounts, innocent and not, from a seed."""

from stillwatch.simulate.enforcement import Enforcement
from stillwatch.simulate.presets import PRESETS, Preset
from stillwatch.simulate.text.corpora import CorpusTexts
from stillwatch.simulate.trace_arrivals import TraceArrivals
from stillwatch.simulate.world import Slice, World
from stillwatch.simulate.world_file import read_world
from stillwatch.simulate.writing import WorldSummary, write_world

__all__ = [
    "PRESETS",
    "CorpusTexts",
    "Enforcement",
    "Preset",
    "Slice",
    "TraceArrivals",
    "World",
    "WorldSummary",
    "read_world",
    "write_world",
]
