"""The words of the design page as types; no synonyms elsewhere."""

from __future__ import annotations

from typing import Final, Literal, get_args

EvidenceFamily = Literal["content", "identity", "client", "network", "timing", "lineage"]
"""Which sort of fact a trait or link is; terms of one family may depend on each other."""

GroupKind = Literal[
    "campaign", "resale_pool", "organisation", "class", "shared_workload", "unexplained"
]
"""What a group was judged to be."""

Capability = Literal[
    "agentic_tool_use",
    "software_engineering",
    "reasoning_mathematics",
    "long_horizon_planning",
    "grading",
    "data_analysis",
    "writing",
]
"""What an exchange exercises; order is the byte order of the packed capability scores."""

Feature = Literal[
    "step_by_step",
    "retrospective_reasoning",
    "inline_reasoning_tags",
    "thinking_language",
    "exemplary_answer",
    "grading",
    "cleaning",
    "tool_plan",
    "structured_output",
]
"""What a prompt asks for beyond its subject; order is the bit order of `features`."""

EVIDENCE_FAMILIES: Final[tuple[EvidenceFamily, ...]] = get_args(EvidenceFamily)
GROUP_KINDS: Final[tuple[GroupKind, ...]] = get_args(GroupKind)
CAPABILITIES: Final[tuple[Capability, ...]] = get_args(Capability)
FEATURES: Final[tuple[Feature, ...]] = get_args(Feature)

CAPABILITY_COUNTS_FROM: Final = 64
"""Least score, of 255, at which an exchange counts for the capability that it scores highest on."""

OTHER_CAPABILITY: Final = "other"
"""What an exchange counts for that reaches the least score on none, or whose prompt was not kept."""

NAMED_PROBABILITY: Final = 0.5
"""An account is named when it is a member of a campaign with at least this probability."""

CAMPAIGN_Q_VALUE: Final = 0.05
"""A group is reported as a campaign at or below this q-value."""
