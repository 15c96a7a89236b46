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

    Where accounts mimic innocents, a customer's conversations begin on one account that wakes when
    the customer does, and go out with that account's client and lines.
    """
    stage, knobs = operation.stage, operation.knobs
    count = max(4, round(knobs.cover.end_users * knobs.accounts))
    people = draw_personas(stage, count, "customers", knobs.name)[:count]
    people = sorted(people, key=lambda p: (p.first.clock, p.account))
    hosts = sorted(members, key=lambda m: (m.settled.speakers[0].clock, m.account))
    rng = operation.rng("customers")
    drafts: list[tuple[Speaker, Setting]] = []
    for number, persona in enumerate(people):
        speaker = persona.first
        setting = persona.wings.settings[speaker.settings[int(rng.integers(len(speaker.settings)))]]
        draft = replace(
            speaker,
            account=None,
            pool=operation.pool,
            lane=int(rng.integers(operation.lanes)),
            addresses=(0,),
            trip=None,
            joins=begin,
            leaves=1 << 62,
        )
        if operation.homes or operation.pool is None:
            host = hosts[number * len(hosts) // len(people)]
            setting = replace(setting, client=stage.clients[host.client])
            draft = replace(
                draft,
                account=host.account,
                lane=host.lane,
                addresses=host.settled.speakers[0].addresses,
                joins=max(begin, host.begins),
                leaves=FOREVER if operation.pool is not None else host.ends,
            )
        drafts.append((draft, setting))
    wanted = operation.harvest_from(begin) / (1 - knobs.cover.share) * knobs.cover.share
    made = sum(requests_of(stage, d, [s]) for d, s in drafts)
    factor = wanted / max(made, 1e-9)
    return [
        stage.add_speaker(
            replace(draft, sittings=draft.sittings * factor, settings=(stage.add_setting(setting),))
        )
        for draft, setting in drafts
    ]
