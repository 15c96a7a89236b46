"""The end users of a relay who do not know of the campaign beside them."""

from __future__ import annotations

from collections import Counter
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
    """Let customers ask what the accounts' personas would: each has one way of theirs, or a few."""
    stage, share = operation.stage, operation.knobs.cover.share
    mimics = operation.knobs.rhythm == "mimic"
    ways = [_ways(member) for member in members]
    usual = count / max(1, sum(map(len, ways)))
    due = 0.0
    drafts: list[tuple[Speaker, list[Setting]]] = []
    for member, own in zip(members, ways, strict=True):
        due += usual * len(own)
        dealt = _dealt(own, round(due))
        due -= len(dealt)
        for speaker, settings in dealt:
            draft = replace(
                speaker,
                sittings=speaker.sittings * member.factor * share,
                account=member.account,
                pool=operation.pool,
                lane=member.lane,
                joins=max(speaker.joins, member.begins, begin),
                leaves=min(speaker.leaves, member.ends),
            )
            if draft.joins < draft.leaves:
                client = stage.clients[member.client]
                drafts.append(
                    (draft, settings if mimics else [replace(s, client=client) for s in settings])
                )
    if not mimics:
        return _posted(operation, drafts, begin)
    return [
        stage.add_speaker(replace(draft, settings=tuple(stage.add_setting(s) for s in settings)))
        for draft, settings in drafts
    ]


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


_Way = tuple[Speaker, Setting, int]
"""One speaker's setting, and how often it stands among the speaker's settings."""


def _ways(member: Member) -> list[_Way]:
    """Return the different ways in which a persona's speakers ask, one speaker after another."""
    found: list[_Way] = []
    for speaker, settings in zip(member.settled.speakers, member.settled.settings, strict=True):
        different = {id(setting): setting for setting in settings}
        count = Counter(map(id, settings))
        found += [(speaker, setting, count[key]) for key, setting in different.items()]
    return found


def _dealt(ways: list[_Way], number: int) -> list[tuple[Speaker, list[Setting]]]:
    """Deal a persona's ways out to about so many customers; their sittings add up to the persona's.

    With more customers than ways, several go the same way; with fewer, some have more than one, but
    nobody those of two speakers.
    """
    if number >= len(ways):
        found = []
        for k, (speaker, setting, places) in enumerate(ways):
            alike = number // len(ways) + (k < number % len(ways))
            part = speaker.sittings * places / len(speaker.settings) / alike
            found += [(replace(speaker, sittings=part), [setting])] * alike
        return found
    by_speaker: dict[int, list[_Way]] = {}
    for way in ways:
        by_speaker.setdefault(id(way[0]), []).append(way)
    spare = max(0, number - len(by_speaker))
    dealt: list[tuple[Speaker, list[Setting]]] = []
    for own in by_speaker.values():
        people = min(len(own), 1 + spare)
        spare -= people - 1
        for k in range(people):
            speaker = own[0][0]
            settings = [s for _, setting, places in own[k::people] for s in [setting] * places]
            part = speaker.sittings * len(settings) / len(speaker.settings)
            dealt.append((replace(speaker, sittings=part), settings))
    return dealt
