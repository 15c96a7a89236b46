"""The end users of a relay who do not know of the campaign beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stillwatch.simulate.operators.members import FOREVER, Member
from stillwatch.simulate.operators.personas import draw_personas
from stillwatch.simulate.operators.volume import requests_of
from stillwatch.simulate.records import Setting, Speaker

if TYPE_CHECKING:
    from stillwatch.simulate.operators.operation import Operation


def post_customers(operation: Operation, members: list[Member], begin: int) -> list[int]:
    """Put a resale pool's customers on the stage from a time on; return the speakers' rows.

    Where accounts mimic innocents, a relay puts customers together on an account who could be one
    person with several projects: its persona's requests are theirs. Otherwise customers are people
    of any kind, and their conversations go wherever the relay sends them.
    """
    knobs = operation.knobs
    count = max(4, round(knobs.cover.end_users * knobs.accounts))
    if operation.homes or operation.pool is None:
        return _at_home(operation, members, count, begin)
    stage, rng = operation.stage, operation.rng("customers")
    drafts: list[tuple[Speaker, Setting]] = []
    for persona in draw_personas(stage, count, "customers", knobs.name)[:count]:
        speaker = persona.first
        row = speaker.settings[int(rng.integers(len(speaker.settings)))]
        draft = replace(
            speaker,
            account=None,
            pool=operation.pool,
            lane=int(rng.integers(operation.lanes)),
            addresses=(0,),
            trip=None,
            joins=begin,
            leaves=FOREVER,
        )
        drafts.append((draft, persona.wings.settings[row]))
    return _posted(operation, [(speaker, [setting]) for speaker, setting in drafts], begin)


def _at_home(operation: Operation, members: list[Member], count: int, begin: int) -> list[int]:
    """Let customers ask what the accounts' personas would: several ask in the place of each.

    A relay lets its customers on an account in turn, so that for some hours all that comes from it
    is asked in one way, as one person would.
    """
    stage, share = operation.stage, operation.knobs.cover.share
    mimics = operation.knobs.rhythm == "mimic"
    usual = count / max(1, sum(len(member.settled.speakers) for member in members))
    due = 0.0
    drafts: list[tuple[Speaker, list[Setting]]] = []
    for member in members:
        for speaker, own in zip(member.settled.speakers, member.settled.settings, strict=True):
            due += usual
            people = max(1, round(due))
            due -= people
            draft = replace(
                speaker,
                sittings=speaker.sittings * member.factor * share / people,
                account=member.account,
                pool=operation.pool,
                lane=member.lane,
                joins=max(speaker.joins, member.begins, begin),
                leaves=min(speaker.leaves, member.ends),
            )
            if draft.joins < draft.leaves:
                client = stage.clients[member.client]
                settings = [s if mimics else replace(s, client=client) for s in own]
                drafts += [(draft, settings)] * people
    if not mimics:
        return _posted(operation, drafts, begin)
    posted = []
    for draft, settings in drafts:
        rows = tuple(stage.add_setting(s) for s in settings)
        posted.append(stage.add_speaker(replace(draft, settings=rows)))
    return posted


def _posted(
    operation: Operation, drafts: list[tuple[Speaker, list[Setting]]], begin: int
) -> list[int]:
    """Add customers at rates that give the cover its share of all requests."""
    stage, share = operation.stage, operation.knobs.cover.share
    wanted = operation.harvest_from(begin) / (1 - share) * share
    made = sum(requests_of(stage, speaker, settings) for speaker, settings in drafts)
    factor = wanted / max(made, 1e-9)
    return [
        stage.add_speaker(
            replace(
                speaker,
                sittings=speaker.sittings * factor,
                settings=tuple(stage.add_setting(s) for s in settings),
            )
        )
        for speaker, settings in drafts
    ]
