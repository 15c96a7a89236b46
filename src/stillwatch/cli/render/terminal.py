"""A result for a person at a terminal of 80 columns or more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stillwatch.respond.report.result import SCORES, Group, Result
from stillwatch.respond.report.safe_text import visible
from stillwatch.respond.report.verdict import reach, verdict
from stillwatch.respond.report.words import (
    capability_name,
    counted,
    kind_name,
    percent,
    q_value,
    signed,
    spaced,
)
from stillwatch.respond.report.write_report import REPORT_NAME

MOST_CAMPAIGNS: Final = 20
MOST_OTHER_GROUPS: Final = 12
_WIDE: Final = 112
_LONGEST: Final = 400


def print_result(result: Result, console: Console) -> None:
    """Print the verdict, every campaign, a table of all groups, and where to read on."""
    campaigns = result.campaigns
    console.print(Text(verdict(result), "bold red" if campaigns else "bold green"))
    for number, group in enumerate(campaigns[:MOST_CAMPAIGNS], start=1):
        console.print()
        _print_campaign(number, group, console)
    # What is nearest to a campaign must not fall off the table.
    nearest = sorted(result.others, key=lambda group: (group.distance, -group.accounts))
    shown = (*campaigns[:MOST_CAMPAIGNS], *nearest[:MOST_OTHER_GROUPS])
    if shown:
        console.print()
        console.print(_table(shown, wide=console.width >= _WIDE))
    if len(result.groups) > len(shown):
        more = len(result.groups) - len(shown)
        console.print(
            Text(f"and {counted(more, 'more group', 'more groups')} in groups.parquet", "dim")
        )
    console.print()
    for sentence in reach(result):
        console.print(Text(sentence))
    rejected = sum(reason.rows for reason in result.rejected)
    if rejected:
        console.print(Text(f"{counted(rejected, 'row')} rejected: see rejected.parquet", "yellow"))
    report = result.folder / REPORT_NAME
    if report.is_file():
        # A path is copied from the screen, so it must never be broken over lines.
        console.print(Text(f"Report: {visible(str(report), 4096)}"), soft_wrap=True)


def _print_campaign(number: int, group: Group, console: Console) -> None:
    title = Text(f"Campaign {number}", "bold red")
    title.append(f"  {visible(group.group_id, 40)}", "dim")
    console.print(title)
    console.print(Padding(Text(visible(group.summary, _LONGEST)), (0, 0, 0, 2), expand=False))
    facts = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    facts.add_column(no_wrap=True, style="dim")
    facts.add_column(overflow="fold")
    for name, words in _facts(group):
        facts.add_row(name, Text(words))
    console.print(Padding(facts, (0, 0, 0, 2), expand=False))


def _facts(group: Group) -> Iterator[tuple[str, str]]:
    yield "accounts", f"{group.accounts:,}"
    yield "exchanges", f"{group.campaign_exchanges:,} of the campaign, {group.exchanges:,} in all"
    if group.first_seen and group.last_seen:
        yield "seen", f"{group.first_seen:%Y-%m-%d %H:%M} to {group.last_seen:%Y-%m-%d %H:%M} UTC"
    sought = [f"{capability_name(name)} {percent(share)}" for name, share in group.capabilities[:3]]
    yield "after", ", ".join(sought) or "not measured"
    counts = [
        f"{capability_name(one.name)} {counted(one.exchanges, 'exchange')}"
        + ("" if one.output_tokens is None else f" ({counted(one.output_tokens, 'token')} out)")
        for one in group.capability_counts[:3]
    ]
    if counts:
        yield "taken", ", ".join(counts)
    yield "families", ", ".join(spaced(family) for family in group.families) or "none"
    yield "scores", ", ".join(f"{score} {signed(group.scores[score])}" for score in SCORES)
    best = spaced(group.best_innocent_explanation) or "no innocent explanation"
    yield "q", f"{q_value(group.q_value)}, weighed against {best}"
    strongest = group.terms[0] if group.terms else None
    if strongest is not None and strongest.log_odds > 0:
        yield "strongest", visible(strongest.statement, _LONGEST)


def _table(groups: Sequence[Group], *, wide: bool) -> Table:
    """Return the table of groups; only a wide terminal has room for each one's summary."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("kind", overflow="fold")
    for name in ("accounts", "exchanges", "coord.", "extr.", "conceal.", "q"):
        table.add_column(name, justify="right", no_wrap=True)
    if wide:
        table.add_column("summary", overflow="fold", ratio=1)
    for group in groups:
        cells = [
            Text(kind_name(group.kind), "bold red" if group.is_campaign else ""),
            Text(f"{group.accounts:,}"),
            Text(f"{group.exchanges:,}"),
            *(Text(signed(group.scores[score])) for score in SCORES),
            Text(q_value(group.q_value) if group.q_value is not None else "–"),
        ]
        if wide:
            cells.append(Text(visible(group.summary, _LONGEST)))
        table.add_row(*cells)
    return table
