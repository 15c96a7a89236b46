"""How each campaign fared, which reported groups were false, which exchanges were attributed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from stillwatch.evaluate.figures import Figure, proportion
from stillwatch.evaluate.inputs import Inputs
from stillwatch.evaluate.naming import ELIGIBLE_EXCHANGES, named_accounts
from stillwatch.model.vocabulary import NAMED_PROBABILITY

_ACCOUNTS = "accounts, as if independent; members of one group are not"
_UNCOUNTED = "no interval: exchanges of one account are not independent"


@dataclass(frozen=True, slots=True)
class CampaignScore:
    """One campaign of the truth."""

    campaign: str
    accounts: int
    exchanges: int
    fragments: int
    """Reported groups that are mostly this campaign."""
    recall: Figure
    exchange_recall: Figure
    attributed: Figure
    """Share of its exchanges that were attributed to any reported group."""


@dataclass(frozen=True, slots=True)
class GroupScores:
    """The reported groups as a whole; fragments of one campaign count once."""

    reported: int
    false: int
    found: int
    precision: Figure
    campaigns_found: Figure


@dataclass(frozen=True, slots=True)
class Attribution:
    """What reported groups were given, exchange by exchange."""

    attributed: int
    precision: Figure
    recall: Figure
    on_campaign_accounts: int
    """Innocent exchanges attributed although they only share an account with a campaign."""
    on_innocent_accounts: int
    """Innocent exchanges attributed on accounts that carried no campaign exchange."""


def _owner(inputs: Inputs, group: str) -> str | None:
    """Return the campaign that a reported group is mostly made of, or none if it is false.

    The group's named members decide; a group that names nobody is judged by all its members. More
    than half innocents makes it false.
    """
    all_members = {a: p for (g, a), p in inputs.members.items() if g == group}
    named = [a for a, p in all_members.items() if p >= NAMED_PROBABILITY] or list(all_members)
    tally = Counter(inputs.accounts[a].campaign for a in named)
    innocent = tally.pop(None, 0)
    if not tally or 2 * innocent > len(named):
        return None
    return min(tally.items(), key=lambda item: (-item[1], str(item[0])))[0]


def score_campaigns(inputs: Inputs) -> tuple[tuple[CampaignScore, ...], GroupScores]:
    """Return a score for each campaign of the truth, and one for the reported groups."""
    named = named_accounts(inputs)
    owners = {group: _owner(inputs, group) for group in sorted(inputs.reported)}
    given = Counter[str]()
    for _, campaign, count in inputs.attributed_once:
        if campaign is not None:
            given[campaign] += count
    scores = []
    for campaign in sorted({a.campaign for a in inputs.accounts.values() if a.campaign}):
        mine = {k: a for k, a in inputs.accounts.items() if a.campaign == campaign}
        eligible = [k for k, a in mine.items() if a.harvested >= ELIGIBLE_EXCHANGES]
        exchanges = sum(a.harvested for a in mine.values())
        caught = sum(a.harvested for k, a in mine.items() if k in named)
        scores.append(
            CampaignScore(
                campaign=campaign,
                accounts=len(mine),
                exchanges=exchanges,
                fragments=sum(owner == campaign for owner in owners.values()),
                recall=proportion(
                    sum(k in named for k in eligible),
                    len(eligible),
                    _ACCOUNTS,
                    f"no account has {ELIGIBLE_EXCHANGES} campaign exchanges",
                ),
                exchange_recall=_share(caught, exchanges, "it has no exchange"),
                attributed=_share(given[campaign], exchanges, "it has no exchange"),
            )
        )
    false = sum(owner is None for owner in owners.values())
    found = len({owner for owner in owners.values() if owner is not None})
    groups = GroupScores(
        reported=len(owners),
        false=false,
        found=found,
        precision=proportion(found, found + false, "reported groups", "no group was reported"),
        campaigns_found=proportion(found, len(scores), "campaigns", "the world has no campaign"),
    )
    return tuple(scores), groups


def score_attribution(inputs: Inputs) -> Attribution:
    """Return how well the campaigns' exchanges were told from others, each exchange once."""
    right = sum(n for _, campaign, n in inputs.attributed_once if campaign is not None)
    wrong = [(a, n) for a, campaign, n in inputs.attributed_once if campaign is None]
    beside = sum(n for a, n in wrong if inputs.accounts[a].campaign is not None)
    strangers = sum(n for a, n in wrong if inputs.accounts[a].campaign is None)
    total = sum(a.harvested for a in inputs.accounts.values())
    return Attribution(
        attributed=right + beside + strangers,
        precision=_share(right, right + beside + strangers, "no exchange was attributed"),
        recall=_share(right, total, "the world has no campaign exchange"),
        on_campaign_accounts=beside,
        on_innocent_accounts=strangers,
    )


def _share(part: int, whole: int, nothing: str) -> Figure:
    if not whole:
        return Figure(None, successes=part, trials=0, reason=nothing)
    return Figure(part / whole, successes=part, trials=whole, reason=_UNCOUNTED)
