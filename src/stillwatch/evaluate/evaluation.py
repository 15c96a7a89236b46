"""The whole evaluation of one scan of one world, as data and as table rows."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from stillwatch.evaluate.campaigns import (
    Attribution,
    CampaignScore,
    GroupScores,
    score_attribution,
    score_campaigns,
)
from stillwatch.evaluate.figures import Figure, Row, proportion, row
from stillwatch.evaluate.inputs import Inputs, read_inputs
from stillwatch.evaluate.naming import ELIGIBLE_EXCHANGES, Naming, score_naming, score_reliability

_DAY_US = 86_400 * 1_000_000


@dataclass(frozen=True, slots=True)
class WorldFacts:
    """What was evaluated."""

    accounts: int
    innocent_accounts: int
    campaign_accounts: int
    eligible_accounts: int
    """Accounts with enough campaign exchanges to count in recall."""
    exchanges: int
    campaign_exchanges: int
    days: float
    preset: str | None
    seed: int | None


@dataclass(frozen=True, slots=True)
class Leak:
    """Answers that campaigns got."""

    total: int
    before_first_flag: Figure


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every figure of the design page's section 7 that one scan can give."""

    world: WorldFacts
    naming: Naming
    groups: GroupScores
    campaigns: tuple[CampaignScore, ...]
    attribution: Attribution
    leak: Leak
    reliability: dict[str, Any]
    oracle: Figure

    def to_json(self) -> dict[str, Any]:
        """Return plain data; keys are the field names, figures as in `Figure.to_json`."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    def rows(self) -> list[Row]:
        """Return the lines of the table that a person reads, most important first."""
        naming, groups = self.naming, self.groups
        rows = [
            row("accounts", "strict precision", naming.precision),
            row("accounts", f"recall, accounts with ≥ {ELIGIBLE_EXCHANGES}", naming.recall),
            row("accounts", "recall, by exchanges", naming.exchange_recall),
            row("accounts", "oracle: identity and lineage only", self.oracle),
            row(
                "accounts",
                "innocents named per 100,000 account-months",
                naming.per_100k_account_months,
                percent=False,
            ),
        ]
        rows += [
            row("accounts", f"precision at prevalence {p}", figure)
            for p, figure in naming.reweighted.items()
        ]
        rows += [
            row("groups", "reported that are real, fragments once", groups.precision),
            row("groups", "campaigns found", groups.campaigns_found),
        ]
        for score in self.campaigns:
            name = f"campaign {score.campaign}"
            rows += [
                row(name, "recall", score.recall),
                row(name, "recall, by exchanges", score.exchange_recall),
                row(name, "exchanges attributed", score.attributed),
                Row(name, "reported groups", str(score.fragments), "", "fragments"),
            ]
        spared = self.attribution
        rows += [
            row("exchanges", "attribution precision", spared.precision),
            row("exchanges", "attribution recall", spared.recall),
            Row(
                "exchanges",
                "innocent, beside a campaign",
                str(spared.on_campaign_accounts),
                "",
                "attributed",
            ),
            Row(
                "exchanges",
                "innocent accounts'",
                str(spared.on_innocent_accounts),
                "",
                "attributed",
            ),
            Row("leak", "answers that campaigns got", str(self.leak.total), "", ""),
            row("leak", "before the first flag", self.leak.before_first_flag),
        ]
        rows += [row("harm", population, figure) for population, figure in naming.harm.items()]
        # A country where nobody was named says little by itself; the data have them all.
        rows += [
            row("billing country", country, figure)
            for country, figure in naming.countries.items()
            if figure.successes
        ]
        brier = self.reliability["brier"]
        shown = "–" if brier is None else f"{brier:.3f}"
        note = self.reliability.get("reason") or f"{self.reliability['members']} members"
        rows.append(Row("membership", "Brier score", shown, "", note))
        return rows


def evaluate(world: Path, result: Path) -> Evaluation:
    """Score the result folder of a scan against a world's truth.

    Raises InputError where a file or column is missing, a key repeats, or the two do not belong
    together.
    """
    inputs = read_inputs(world, result)
    campaigns, groups = score_campaigns(inputs)
    return Evaluation(
        world=_facts(inputs),
        naming=score_naming(inputs),
        groups=groups,
        campaigns=campaigns,
        attribution=score_attribution(inputs),
        leak=Leak(inputs.answered, Figure(None, reason="not measured without replay")),
        reliability=score_reliability(inputs),
        oracle=_oracle(inputs),
    )


def _facts(inputs: Inputs) -> WorldFacts:
    accounts = inputs.accounts.values()
    manifest = inputs.manifest or {}
    guilty = [a for a in accounts if a.campaign is not None]
    return WorldFacts(
        accounts=len(inputs.accounts),
        innocent_accounts=len(inputs.accounts) - len(guilty),
        campaign_accounts=len(guilty),
        eligible_accounts=sum(a.harvested >= ELIGIBLE_EXCHANGES for a in guilty),
        exchanges=sum(a.exchanges for a in accounts),
        campaign_exchanges=sum(a.harvested for a in guilty),
        days=(inputs.last - inputs.first) / _DAY_US,
        preset=manifest.get("preset"),
        seed=manifest.get("seed"),
    )


def _oracle(inputs: Inputs) -> Figure:
    """Return the recall of whoever ties accounts by identity and lineage and knows the members."""
    if inputs.linkable is None:
        return Figure(None, reason="world has no knobs in its manifest")
    eligible = [
        account
        for account, facts in inputs.accounts.items()
        if facts.campaign is not None and facts.harvested >= ELIGIBLE_EXCHANGES
    ]
    return proportion(
        sum(account in inputs.linkable for account in eligible),
        len(eligible),
        "accounts, as if independent",
        "no account is eligible",
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Figure):
        return value.to_json()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
