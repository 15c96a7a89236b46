"""Puts the page together: one document that asks the network for nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any, Final

import jinja2

from stillwatch.model.vocabulary import CAMPAIGN_Q_VALUE, GROUP_KINDS, NAMED_PROBABILITY
from stillwatch.respond.report import words
from stillwatch.respond.report.charts.ties import family_class
from stillwatch.respond.report.facts import read_facts
from stillwatch.respond.report.read_detail import read_detail
from stillwatch.respond.report.result import Group, Result
from stillwatch.respond.report.safe_text import visible
from stillwatch.respond.report.verdict import reach, sought, verdict
from stillwatch.respond.report.views import campaign_view, group_view

MOST_MEMBERS: Final = 1000
"""Members listed for one campaign."""
MOST_MEMBERS_IN_ALL: Final = 5000
"""Members listed on the page; several campaigns share them, each has at least `FEWEST_MEMBERS`."""
FEWEST_MEMBERS: Final = 50
MOST_CAMPAIGNS: Final = 40
MOST_OTHER_GROUPS: Final = 60
MOST_REASONS: Final = 25
MOST_INPUTS: Final = 100
MOST_EXAMPLES: Final = 8
MOST_REACH: Final = 5
_LONGEST_TEXT: Final = 600


def build_page(result: Result) -> str:
    """Return the whole page of a result as HTML."""
    campaigns = result.campaigns[:MOST_CAMPAIGNS]
    room = min(MOST_MEMBERS, max(FEWEST_MEMBERS, MOST_MEMBERS_IN_ALL // max(1, len(campaigns))))
    style, script = _asset("page.css"), _asset("page.js")
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            result=result,
            verdict=verdict(result),
            reach=reach(result)[:MOST_REACH],
            facts=read_facts(result.scan),
            campaigns=[
                campaign_view(number, group, read_detail(result.folder, group.group_id, room))
                for number, group in enumerate(campaigns, start=1)
            ],
            others=_by_kind(result.others),
            most_reasons=MOST_REASONS,
            most_inputs=MOST_INPUTS,
            most_examples=MOST_EXAMPLES,
            named_from=NAMED_PROBABILITY,
            reported_to=CAMPAIGN_Q_VALUE,
            style=style,
            script=script,
            style_digest=_digest(style),
            script_digest=_digest(script),
        )
    )


def _by_kind(groups: tuple[Group, ...]) -> list[dict[str, Any]]:
    """Return the groups nearest to a campaign under their kinds, in the order of the vocabulary."""
    nearest = sorted(groups, key=lambda group: (group.distance, -group.accounts, group.group_id))
    groups = tuple(nearest[:MOST_OTHER_GROUPS])
    kinds = sorted(
        {group.kind for group in groups},
        key=lambda kind: (
            GROUP_KINDS.index(kind) if kind in GROUP_KINDS else len(GROUP_KINDS),
            kind,
        ),
    )
    return [
        {"kind": kind, "groups": [group_view(group) for group in groups if group.kind == kind]}
        for kind in kinds
    ]


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("stillwatch.respond.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_fit_to_show,
    )
    environment.filters.update(
        visible=visible,
        counted=words.counted,
        signed=words.signed,
        odds=words.odds,
        spaced=words.spaced,
        percent=words.percent,
        probability=words.probability,
        q_value=words.q_value,
        moment=words.moment,
        capability_name=words.capability_name,
        kind_name=words.kind_name,
        sentence_case=words.sentence_case,
        family_class=family_class,
        sought=sought,
        why_spared=words.why_spared,
    )
    environment.globals["kind_meanings"] = words.KIND_MEANINGS
    return environment


def _fit_to_show(value: Any) -> Any:
    """Make any text that a template prints fit to show, so that no template can forget it."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return visible(value, _LONGEST_TEXT)
    return value


@cache
def _asset(name: str) -> str:
    return (files("stillwatch.respond.report") / "templates" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Return what a content security policy calls the source of an inline block."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
