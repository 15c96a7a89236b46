"""The worlds that can be made by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillwatch.simulate.presets.demonstrations import DEMONSTRATIONS
from stillwatch.simulate.presets.preset import Cast, Preset

PRESETS: Final[Mapping[str, Preset]] = {preset.name: preset for preset in DEMONSTRATIONS}
"""Preset by name."""

__all__ = ["PRESETS", "Cast", "Preset"]
