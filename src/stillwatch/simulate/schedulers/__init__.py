"""How a relay spreads requests over its accounts, one file a policy."""

from __future__ import annotations

from stillwatch.simulate.schedulers.relay import Relay
from stillwatch.simulate.schedulers.wardrobe import Wardrobe

__all__ = ["Relay", "Wardrobe"]
