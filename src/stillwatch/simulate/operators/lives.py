"""Work that hides in lives: each account's persona asks, and part of what it asks is harvest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stillwatch.simulate.operators.members import Member
from stillwatch.simulate.operators.sharing import configured
from stillwatch.simulate.operators.volume import requests_of
from stillwatch.simulate.operators.wording import Line
from stillwatch.simulate.records import Setting, Speaker

if TYPE_CHECKING:
    from stillwatch.simulate.operators.operation import Operation


def post_lives(operation: Operation, members: list[Member], begin: int) -> list[int]:
    """Put the personas' harvest on the stage from a time on; return the speakers' rows.

    A sitting is either the harvest's or the persona's own, so hours, sizes of sittings and all else
    are the persona's in both.
    """
    stage, knobs, rng = operation.stage, operation.knobs, operation.rng("lives")
    drafts: list[tuple[Speaker, list[Setting]]] = []
    for member in members:
        ways = operation.lines_of(member)
        late = [line for line in ways if line.begins > 0]
        main = [line for line in ways if line.begins == 0]
        for speaker, settings in zip(member.settled.speakers, member.settled.settings, strict=True):
            for lines, start, end in _phases(main, late):
                # Several lines stand behind each way of using the model, all lines in turn; ways
                # keep their order, so that a sitting's own and harvest are asked in the same way.
                each = max(2, -(-len(lines) // len(settings)))
                twins = [
                    operation.harvesting(
                        _own(member, setting), lines[(k + row) % len(lines)], member.account
                    )
                    for row, setting in enumerate(settings)
                    for k in range(each)
                ]
                drafts.append(
                    (
                        replace(
                            speaker,
                            sittings=speaker.sittings * member.factor * (1 - knobs.cover.share),
                            pool=operation.pool,
                            account=speaker.account if operation.homes else None,
                            lane=member.lane,
                            joins=max(speaker.joins, member.begins, begin, start),
                            leaves=min(speaker.leaves, member.ends, end),
                        ),
                        twins,
                    )
                )
    flat = [setting for _, settings in drafts for setting in settings]
    knobs.pivot.moves(stage, rng, flat)
    posted, place = [], 0
    for speaker, twins in drafts:
        rows = tuple(stage.add_setting(s) for s in flat[place : place + len(twins)])
        place += len(twins)
        if speaker.joins < speaker.leaves:
            posted.append(stage.add_speaker(replace(speaker, settings=rows)))
    return posted


def wear(operation: Operation, members: list[Member]) -> None:
    """Tell a relay that rewrites what it carries how each account's persona asks."""
    if not operation.knobs.relaying.rewrites or operation.pool is None:
        return
    for member in members:
        ways = [_own(member, s) for own in member.settled.settings for s in own]
        member.worn = member.worn or tuple(operation.stage.add_setting(s) for s in ways)
    operation.renew_pool()


def post_cover(operation: Operation, members: list[Member], begin: int) -> list[int]:
    """Put what the personas ask for themselves on the stage; return the speakers' rows."""
    stage = operation.stage
    posted = []
    for member in members:
        for speaker, settings in zip(member.settled.speakers, member.settled.settings, strict=True):
            draft = replace(
                speaker,
                sittings=speaker.sittings * member.factor * operation.cover_factor,
                joins=max(speaker.joins, member.begins, begin),
                leaves=min(speaker.leaves, member.ends),
            )
            if draft.sittings and draft.joins < draft.leaves:
                rows = tuple(stage.add_setting(_own(member, s)) for s in settings)
                posted.append(stage.add_speaker(replace(draft, settings=rows)))
    return posted


def expected(operation: Operation, member: Member, *, long_only: bool = False) -> float:
    """Return the requests that a member's persona makes while the member works.

    With `long_only`, those in conversations of several turns.
    """
    total = 0.0
    for speaker, settings in zip(member.settled.speakers, member.settled.settings, strict=True):
        counted = [s for s in settings if s.turns > 0 or not long_only]
        working = replace(
            speaker,
            sittings=speaker.sittings * len(counted) / len(settings),
            joins=max(speaker.joins, member.begins),
            leaves=min(speaker.leaves, member.ends),
        )
        total += requests_of(operation.stage, working, counted) if counted else 0.0
    return total


def _own(member: Member, setting: Setting) -> Setting:
    if member.configuration is None:
        return setting
    return configured(setting, member.configuration)


def _phases(main: list[Line], late: list[Line]) -> list[tuple[list[Line], int, int]]:
    """Return which lines are worked on from when to when: a late one ends what was before it."""
    if not late:
        return [(main, 0, 1 << 62)]
    turn = min(line.begins for line in late)
    return [(main, 0, turn), (late, turn, 1 << 62)] if main else [(late, turn, 1 << 62)]
