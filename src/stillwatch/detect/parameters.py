"""The thresholds of detection in one place; a deployment keeps its own as secrets."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every number that detection depends on; written to `scan.json` beside the results."""

    smallest_trait: int = 4
    """Accounts that must share a value before it is a trait."""
    common_share: float = 0.1
    """A trait that more than this share of accounts hold is a candidate group by itself."""
    least_prompts: int = 10
    """Different prompts in which a wording must stand; fewer is one text that people pass on."""
    least_variety: float = 0.3
    """Share of a wording's exchanges that must hold different prompts."""
    wordings_per_account: int = 128
    """Wording traits counted per account; beyond it a keyed sample, so that stuffing hides none."""
    values_per_account: int = 16
    """Values counted per account and kind otherwise."""
    pair_false_discovery_rate: float = 1e-3
    smallest_stratum: int = 200
    """Accounts a stratum must hold; smaller ones fall back to plan and client family."""
    common_client_share: float = 0.05
    """Share of all accounts that must mainly use a client family before it conditions the null."""
    pair_weight_cap: float = 50.0
    """Most that one trait pair weighs when the network is clustered, in -log10 p."""
    resolution: float = 2.0
    smallest_group: int = 5
    lineage_tokens: int = 40
    lineage_replayers: int = 8
    """More accounts than this replaying one answer make it a published transcript."""
    failover_window_s: int = 120
    prior_log_odds: float = -3.0
    """Prior log-odds that a candidate group is a campaign."""
    least_score: float = 0.0
    """Coordination, extraction and concealment must each be above this for a campaign."""
    seed: int = 20260422
    """Seed of the clustering, which is no secret."""
    sampling_salt: int = field(default=0, repr=False)
    """Orders the keyed sample of traits per account; a scan derives it from the hash key."""
