"""Operators of campaigns, one file a way of working."""

from __future__ import annotations

from stillwatch.simulate.operators.fixed_prompt import FixedPromptCampaign
from stillwatch.simulate.operators.relay_campaign import RelayCampaign

__all__ = ["FixedPromptCampaign", "RelayCampaign"]
