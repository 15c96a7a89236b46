"""Makes labelled worlds: logs of many accounts, innocent and not, from a seed."""

from stillwatch.simulate.presets import PRESETS, Preset
from stillwatch.simulate.world import WorldSummary, write_world

__all__ = ["PRESETS", "Preset", "WorldSummary", "write_world"]
