"""An operator's own programs: they take work from the queues and send it to the accounts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from stillwatch.simulate.clients import build
from stillwatch.simulate.operators.sharing import configured
from stillwatch.simulate.operators.volume import requests_of
from stillwatch.simulate.operators.wording import Line
from stillwatch.simulate.populations import habits
from stillwatch.simulate.records import Rhythm, Setting, Speaker
from stillwatch.simulate.text.harvest import Template
from stillwatch.simulate.text.system_prompts import STOCK_PROMPTS

if TYPE_CHECKING:
    from stillwatch.simulate.operators.operation import Operation

_HANDS: Final = 48
"""Programs that share the work, each with parameters of its own; more where templates are more."""
_GAP: Final = 600.0
"""Median seconds over which one burst is begun."""
_SPANS: Final = 24
"""Parts of the window over which volume follows the number of working accounts."""


def post_programs(operation: Operation, begin: int) -> list[int]:
    """Put programs on the stage that work from a time on; return their speakers' rows.

    Behind a relay each has a share of one line's work; without one, each account has its own.
    """
    if operation.pool is None:
        return _one_an_account(operation, begin)
    rng = operation.rng("programs")
    hands: list[tuple[Line, Setting]] = []
    for line in operation.lines:
        count = max(1, round(_HANDS * line.share))
        hands += [(line, program(operation, rng, line)) for _ in range(count)]
    settings = [setting for _, setting in hands]
    operation.knobs.pivot.moves(operation.stage, rng, settings)
    spans = _spans(operation, begin)
    posted = []
    for (line, _), setting in zip(hands, settings, strict=True):
        share = line.share / sum(other is line for other, _ in hands)
        row = operation.stage.add_setting(setting)
        lane, clock = int(rng.integers(operation.lanes)), operation.clock
        drafts = [
            Speaker(
                pool=operation.pool,
                lane=lane,
                settings=(row,),
                addresses=(0,),
                sittings=requests,
                per_sitting=max(1.0, operation.knobs.relaying.burst),
                gap=_GAP / max(1.0, operation.knobs.relaying.burst),
                clock=clock,
                rhythm=_rhythm(operation),
                joins=max(start, line.begins),
                leaves=end,
            )
            for start, end, requests in spans
            if end > line.begins
        ]
        wanted = share * operation.harvest_from(begin)
        posted += _posted(operation, drafts, setting, wanted)
    return posted


def program(operation: Operation, rng: np.random.Generator, line: Line) -> Setting:
    """Return how one program asks for the work of one line."""
    return operation.harvesting(plain_program(operation, rng, line.template), line)


def plain_program(operation: Operation, rng: np.random.Generator, template: Template) -> Setting:
    """Return how one program of the operator's asks from a template."""
    knobs = operation.knobs
    setting = Setting(
        client=build(knobs.pathways.client, rng),
        opening=template.phrase,
        follow_up=template.follow_up,
        system_prompt=str(rng.choice(STOCK_PROMPTS)) if rng.random() < 0.5 else None,
        model=habits.pick_model(rng, 0.04, 0.22, 0.42, 0.32),
        tools=(operation.stage.key(knobs.name, "tools") >> 1) if template.loop else None,
        temperature=(None, None, None, 1.0, 0.7)[int(rng.integers(5))],
        max_tokens=int(rng.choice([2048, 4096, 8192])),
        stream=bool(rng.random() < 0.6),
        agent_loop=template.loop,
        reasons=bool(rng.random() < 0.6),
        turns=template.turns,
        pace=12.0 if template.loop else 45.0,
        pause=0.05,
        answer_tokens=template.answer_tokens,
        turn_tokens=420.0 if template.loop else 45.0,
    )
    shared, batch = rng.random(), int(rng.integers(1 << 30))
    if shared < knobs.sharing.of("client"):
        setting = configured(setting, operation.own.any_configuration(batch))
    return setting


def _one_an_account(operation: Operation, begin: int) -> list[int]:
    stage, rng = operation.stage, operation.rng("own programs")
    posted = []
    unit = operation.harvest_from(begin) / max(
        1e-9, sum(m.weight * m.days_from(begin, stage.end) for m in operation.members)
    )
    for member in operation.members:
        if member.ends <= begin:
            continue
        client = stage.clients[member.client]
        settings = [
            replace(program(operation, rng, line), client=client)
            for line in operation.lines_of(member)
        ]
        operation.knobs.pivot.moves(stage, rng, settings)
        draft = Speaker(
            account=member.account,
            settings=tuple(stage.add_setting(s) for s in settings),
            addresses=(member.address,),
            sittings=1.0,
            per_sitting=max(1.0, operation.knobs.relaying.burst),
            gap=_GAP / max(1.0, operation.knobs.relaying.burst),
            clock=operation.clock,
            rhythm=_rhythm(operation),
            joins=max(begin, member.begins),
            leaves=member.ends,
        )
        wanted = unit * member.weight * member.days_from(begin, stage.end)
        expected = requests_of(stage, draft, settings)
        sittings = wanted / expected if expected else 0.0
        posted.append(stage.add_speaker(replace(draft, sittings=sittings)))
    return posted


def _posted(
    operation: Operation, drafts: list[Speaker], setting: Setting, requests: float
) -> list[int]:
    """Add drafts with rates scaled so that together they make so many requests."""
    stage = operation.stage
    expected = sum(requests_of(stage, draft, [setting]) for draft in drafts)
    if not expected:
        return []
    factor = requests / expected
    return [stage.add_speaker(replace(d, sittings=d.sittings * factor)) for d in drafts]


def _spans(operation: Operation, begin: int) -> list[tuple[int, int, float]]:
    """Return (start, end, relative rate) of parts of the window in which accounts work."""
    end = operation.stage.end
    edges = np.linspace(begin, end, _SPANS + 1).astype(np.int64).tolist()
    if all(m.begins <= begin and m.ends >= end for m in operation.members):
        edges = [begin, end]
    return [
        (a, b, capacity)
        for a, b in pairwise(edges)
        if (capacity := sum(m.weight * m.days_from(a, b) for m in operation.members) / (b - a)) > 0
    ]


def _rhythm(operation: Operation) -> Rhythm:
    return "office" if operation.knobs.rhythm == "office" else "always"
