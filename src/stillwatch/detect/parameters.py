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
    """Accounts a stratum must hold; smaller ones are merged over countries, then clients, then plans."""
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
    failover_accounts: int = 6
    """A request that more accounts than this ever send is common wording, not one retried request."""
    failover_words: int = 6
    outage_share: float = 0.2
    """A minute in which this share of all requests fail is an outage, and everybody retries then."""
    outage_errors: int = 20
    smallest_cell: int = 5
    """Members that must share one value before it ties them; households and friends are fewer."""
    cell_chance: float = 1e-4
    """A shared value counts only if chance would bring so many holders together less often."""
    least_echoes: int = 4
    """Failed requests that must have come back on other members before failover is looked at."""
    failover_breadth: float = 0.05
    """Share of the members that those must touch: one person may own two accounts."""
    partition_power: float = 6.0
    """Expected repeats of items below which their absence means nothing."""
    partition_chance: float = 1e-3
    """Chance of so few repeats below which a group is said to share one queue out."""
    least_continued: float = 2.0
    """Requests with a history, per member, below which the absence of ties means nothing."""
    least_known: float = 0.5
    """Share of the members that must show what a term on claims reads; else it is left out."""
    authorised_share: float = 0.5
    """A group of which more than this share is declared as authorised use is never a campaign."""
    country_shrinkage: float = 20.0
    """Accounts of all countries that a billing country's rate of mismatches is mixed with."""
    caller_requests: int = 10
    """Requests that an account must have sent before it is asked how many callers it serves."""
    caller_shrinkage: float = 20.0
    """Accounts of all sorts that the rate of accounts which tell as much is mixed with."""
    release_after_days: int = 3
    """Days into the logs before which a model's first use does not show that it is new."""
    release_adopters: int = 20
    """Accounts that must use a model in its first three days; fewer is somebody's rare choice."""
    retention_days: int = 7
    """First days of the logs in which a history's answers may have been given before them."""
    most_foreign: float = 0.2
    """Share of foreign histories elsewhere above which the logs do not hold the answers given."""
    tick_window_s: int = 2
    """Seconds within which control events of several accounts are one moment."""
    least_ticks: int = 5
    """Moments with control events that an account must show before it is compared."""
    known_client: int = 50
    """Accounts elsewhere that must show a client's claim, or a fingerprint, before it is known."""
    odd_client: int = 2
    """Accounts elsewhere that may show both together and the two still contradict each other."""
    rest_s: int = 120
    """Seconds without a request, after the wait that a rate limit asks for, that are a rest."""
    dormant_days: int = 5
    """Days without a request after which an account that begins was idle."""
    succession_days: int = 3
    """Days after a suspension within which a successor begins."""
    least_suspended: int = 3
    """Working members that must be suspended before successors are looked for."""
    suspended_share: float = 0.05
    """Share of the members that those must be: who lost next to nothing has nothing to succeed to."""
    least_elsewhere: float = 0.05
    """Share of the traffic that must be left to compare with, once coordinated groups are left out."""
    prior_log_odds: float = -2.5
    """Prior log-odds that a candidate group is a campaign."""
    plausible_log_odds: float = 3.0
    """An explanation less likely than the best by more than this, by other scores, excuses nothing."""
    most_doubt: float = 0.1
    """A group more likely innocent than this is no campaign, however sure the groups above it are."""
    least_score: float = 0.0
    """Coordination, extraction and concealment must each be above this for a campaign."""
    seed: int = 20260422
    """Seed of the clustering, which is no secret."""
    sampling_salt: int = field(default=0, repr=False)
    """Orders the keyed sample of traits per account; a scan derives it from the hash key."""
