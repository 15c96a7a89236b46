"""What a template shows of a group: its scores with their bars, its pictures, its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stillwatch.respond.report.charts.buckets import Buckets, gather
from stillwatch.respond.report.charts.rhythm import rhythm
from stillwatch.respond.report.charts.share_bar import share_bar
from stillwatch.respond.report.charts.ties import family_class, ties_picture
from stillwatch.respond.report.charts.ties_layout import Layout, lay_out
from stillwatch.respond.report.charts.timeline import timeline
from stillwatch.respond.report.charts.waterfall import Range, Step, total_bar, waterfall
from stillwatch.respond.report.result import SCORES, CampaignDetail, Group, Term, Tie
from stillwatch.respond.report.words import SCORE_MEANINGS, capability_name

_SUM_TOLERANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One of the three totals, and the terms that add up to it."""

    name: str
    question: str
    total: float
    bar: str
    rows: tuple[tuple[Term, Step], ...]
    unexplained: float
    """What the terms leave of the total; zero but for a damaged result."""


@dataclass(frozen=True, slots=True)
class CapabilityView:
    """One capability with its share as a bar."""

    name: str
    share: float
    bar: str


@dataclass(frozen=True, slots=True)
class TieView:
    """One tie in the table beside the picture; `code` is empty where it is not drawn."""

    tie: Tie
    code: str
    family_class: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its scores."""

    group: Group
    scores: tuple[ScoreView, ...]


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign with everything that its section of the report shows."""

    number: int
    group: Group
    scores: tuple[ScoreView, ...]
    detail: CampaignDetail
    capabilities: tuple[CapabilityView, ...]
    buckets: Buckets | None
    timeline: str
    timeline_top: int
    rhythm: str
    layout: Layout
    picture: str
    ties: tuple[TieView, ...]


def group_view(group: Group) -> GroupView:
    """Return a group as the report shows one that is not a campaign."""
    return GroupView(group, score_views(group))


def campaign_view(number: int, group: Group, detail: CampaignDetail) -> CampaignView:
    """Return a campaign as the report shows it, charts drawn."""
    buckets = gather(detail.hours)
    drawn, top = timeline(buckets) if buckets else ("", 0)
    layout = lay_out(detail.ties)
    codes = {id(hub.tie): hub.code for hub in layout.hubs}
    ties = [TieView(tie, codes.get(id(tie), ""), family_class(tie.family)) for tie in detail.ties]
    return CampaignView(
        number=number,
        group=group,
        scores=score_views(group),
        detail=detail,
        capabilities=tuple(
            CapabilityView(
                capability_name(name),
                share,
                share_bar(share),
            )
            for name, share in group.capabilities
        ),
        buckets=buckets,
        timeline=drawn,
        timeline_top=top,
        rhythm=rhythm(detail.hours),
        layout=layout,
        picture=ties_picture(layout),
        ties=tuple(sorted(ties, key=lambda view: (not view.code, view.code))),
    )


def score_views(group: Group) -> tuple[ScoreView, ...]:
    """Return the three scores on one shared scale, each term's bar where the last one ended."""
    by_score: list[Sequence[Term]] = [
        [term for term in group.terms if term.score == score] for score in SCORES
    ]
    series = [[term.log_odds for term in terms] for terms in by_score]
    scale = Range.over([*series, *([group.scores[score]] for score in SCORES)])
    views = []
    for score, terms, values in zip(SCORES, by_score, series, strict=True):
        total = group.scores[score]
        gap = total - sum(values)
        views.append(
            ScoreView(
                name=score,
                question=SCORE_MEANINGS[score],
                total=total,
                bar=total_bar(total, scale),
                rows=tuple(zip(terms, waterfall(values, scale), strict=True)),
                unexplained=gap if abs(gap) > _SUM_TOLERANCE else 0.0,
            )
        )
    return tuple(views)
