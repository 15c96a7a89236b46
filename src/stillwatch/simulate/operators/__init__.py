"""Operators of campaigns: one general operator with many knobs, and the loudest there is."""

from __future__ import annotations

from stillwatch.simulate.operators.adaptation import Adaptation
from stillwatch.simulate.operators.campaign import Campaign
from stillwatch.simulate.operators.control_plane import ControlPlane
from stillwatch.simulate.operators.cover import Cover
from stillwatch.simulate.operators.fixed_prompt import FixedPromptCampaign
from stillwatch.simulate.operators.growth import Growth
from stillwatch.simulate.operators.location import Location
from stillwatch.simulate.operators.pathways import Pathways
from stillwatch.simulate.operators.pivot import Pivot
from stillwatch.simulate.operators.relay_campaign import RelayCampaign
from stillwatch.simulate.operators.relaying import Relaying
from stillwatch.simulate.operators.sharing import Sharing
from stillwatch.simulate.operators.succession import Succession
from stillwatch.simulate.operators.volume import Volume
from stillwatch.simulate.operators.wording import Wording
from stillwatch.simulate.operators.work import Work

__all__ = [
    "Adaptation",
    "Campaign",
    "ControlPlane",
    "Cover",
    "FixedPromptCampaign",
    "Growth",
    "Location",
    "Pathways",
    "Pivot",
    "RelayCampaign",
    "Relaying",
    "Sharing",
    "Succession",
    "Volume",
    "Wording",
    "Work",
]
