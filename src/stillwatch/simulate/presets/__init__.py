"""The worlds that can be made by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillwatch.simulate.presets.demonstrations import DEMONSTRATIONS
from stillwatch.simulate.presets.ladder import LADDER
from stillwatch.simulate.presets.preset import Cast, Preset
from stillwatch.simulate.presets.public import PUBLIC

PRESETS: Final[Mapping[str, Preset]] = {
    preset.name: preset for preset in (*DEMONSTRATIONS, *LADDER, *PUBLIC)
}
"""Preset by name."""

__all__ = ["PRESETS", "Cast", "Preset"]
