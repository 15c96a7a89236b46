"""How ordinary people use a model: the settings that populations draw from."""

from __future__ import annotations

from typing import Final

import numpy as np

from stillwatch.simulate.clients import Client, build
from stillwatch.simulate.draws import Weighted, around, between, one_of
from stillwatch.simulate.records import Rhythm, Setting
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.streams import key_of
from stillwatch.simulate.text.grammar import Phrase
from stillwatch.simulate.text.system_prompts import (
    STOCK_PROMPTS,
    TOOL_PROMPTS,
    environment,
    personal,
)

MODELS: Final = ("small-2", "medium-2", "large-2", "thinker-2")
_THINKS: Final = {"thinker-2", "large-2"}
_USUAL: Final = Weighted(zip(MODELS, (0.36, 0.34, 0.16, 0.14), strict=True))
_AGENTS: Final = Weighted(zip(MODELS, (0.1, 0.45, 0.3, 0.15), strict=True))
CHEAP: Final = Weighted(zip(MODELS, (0.6, 0.3, 0.06, 0.04), strict=True))
ALL_ALIKE: Final = Weighted(zip(MODELS, (0.2, 0.3, 0.25, 0.25), strict=True))

_RHYTHM: Final[Weighted[Rhythm]] = Weighted([("day", 0.5), ("office", 0.22), ("evening", 0.28)])
_CHAT_CLIENT: Final = Weighted([("web", 0.6), ("mobile", 0.4)])
_DEVELOPER_CLIENT: Final = Weighted(
    [
        ("python", 0.54),
        ("node", 0.24),
        ("go", 0.07),
        ("curl", 0.07),
        ("bedrock", 0.05),
        ("vertex", 0.03),
    ]
)
_TEMPERATURE: Final = Weighted[float | None](
    [(None, 0.5), (1.0, 0.15), (0.7, 0.15), (0.2, 0.1), (0.0, 0.1)]
)
_CHOICES: Final = Weighted[int | None]([(None, 0.955), (2, 0.02), (4, 0.015), (8, 0.01)])
"""Several answers a request: drafts to choose from, votes, evaluations (guessed)."""
_CHAT_TURNS: Final = Weighted([(0.0, 0.22), (0.8, 0.28), (1.8, 0.28), (4.0, 0.16), (8.0, 0.06)])
_DEVELOPER_TURNS: Final = Weighted([(0.0, 0.55), (0.7, 0.25), (2.0, 0.2)])
_AGENT_TURNS: Final = Weighted([(5.0, 0.3), (12.0, 0.4), (26.0, 0.3)])
"""Public agent traces have a median of 20 to 33 calls a session (LMCache's agent traces, 2025)."""
_CHAT_CONTEXT: Final = Weighted([(150.0, 0.45), (600.0, 0.35), (2500.0, 0.2)])
_DEVELOPER_CONTEXT: Final = Weighted([(0.0, 0.3), (350.0, 0.25), (1200.0, 0.25), (4000.0, 0.2)])
"""Median tokens in of Azure's 2023 traces: 1,020 (chat) and 1,469 (code)."""
_CODE_CONTEXT: Final = 2500.0


def pick_model(rng: np.random.Generator, *shares: float) -> str:
    """Return a model: by the given shares of `MODELS`, or mostly a cheap one."""
    return (Weighted(zip(MODELS, shares, strict=True)) if shares else _USUAL).draw(rng)


def pick_rhythm(rng: np.random.Generator) -> Rhythm:
    """Return when somebody usually asks."""
    return _RHYTHM.draw(rng)


def rate(rng: np.random.Generator, median: float, spread: float = 1.1) -> float:
    """Return sittings a day, heavy-tailed around a median."""
    return min(around(rng, median, spread), 60 * median)


def chat(
    stage: Stage,
    rng: np.random.Generator,
    language: str,
    *names: str | int,
    client: Client | None = None,
) -> Setting:
    """Return how somebody chats in a browser or on a phone."""
    model = _USUAL.draw(rng)
    return Setting(
        client=client or build(_CHAT_CLIENT.draw(rng), rng),
        opening=stage.texts.everyday(language),
        follow_up=stage.texts.follow_up(language),
        model=model,
        system_prompt=personal(*names) if rng.random() < 0.22 else None,
        reasons=model in _THINKS,
        turns=_CHAT_TURNS.draw(rng),
        pace=between(rng, 25, 140),
        answer_tokens=one_of(rng, (70.0, 130.0, 220.0)),
        context_tokens=_CHAT_CONTEXT.draw(rng),
        turn_tokens=45.0,
    )


def developer(
    stage: Stage,
    rng: np.random.Generator,
    *names: str | int,
    system_prompt: str | None = None,
    client: Client | None = None,
    opening: Phrase | None = None,
) -> Setting:
    """Return how somebody's own script or notebook calls the API."""
    model = _USUAL.draw(rng)
    return Setting(
        client=client or build(_DEVELOPER_CLIENT.draw(rng), rng),
        opening=opening or stage.texts.developer(),
        follow_up=stage.texts.follow_up("en"),
        model=model,
        system_prompt=system_prompt or _instructions(rng, *names),
        tools=(key_of("own-tools", *names) >> 1) if rng.random() < 0.15 else None,
        temperature=_TEMPERATURE.draw(rng),
        top_p=0.95 if rng.random() < 0.1 else None,
        max_tokens=one_of(rng, (512, 1024, 2048, 4096, 8192)),
        stream=rng.random() < 0.4,
        reasons=model in _THINKS,
        turns=_DEVELOPER_TURNS.draw(rng),
        pace=between(rng, 8, 70),
        answer_tokens=one_of(rng, (60.0, 150.0, 300.0, 420.0)),
        context_tokens=_DEVELOPER_CONTEXT.draw(rng),
        choices=_CHOICES.draw(rng),
    )


def agent_tool(
    stage: Stage,
    rng: np.random.Generator,
    tool: str,
    *names: str | int,
    client: Client | None = None,
) -> Setting:
    """Return how one person runs a popular agent tool."""
    return Setting(
        client=client or build(tool, rng),
        opening=stage.texts.agent(),
        follow_up=stage.texts.tool_result(),
        model=_AGENTS.draw(rng),
        system_prompt=TOOL_PROMPTS[tool] + (environment(*names) if rng.random() < 0.5 else ""),
        tools=key_of("tool-schema", tool) >> 1,
        max_tokens=8192,
        agent_loop=True,
        reasons=rng.random() < 0.6,
        turns=_AGENT_TURNS.draw(rng),
        pace=between(rng, 3, 11),
        pause=0.02,
        answer_tokens=160.0,
        context_tokens=one_of(rng, (800.0, _CODE_CONTEXT, 6000.0)),
        turn_tokens=420.0,
    )


def completion(stage: Stage, rng: np.random.Generator, tool: str) -> Setting:
    """Return an editor's completions: much code in, a few tokens out (Azure's code trace)."""
    return Setting(
        client=build(tool, rng),
        opening=stage.texts.items("software_engineering"),
        follow_up=stage.texts.items("software_engineering"),
        model="small-2",
        max_tokens=256,
        temperature=0.0,
        stream=False,
        turns=0.0,
        answer_tokens=14.0,
        context_tokens=1400.0,
    )


def _instructions(rng: np.random.Generator, *names: str | int) -> str | None:
    """Return a developer's system prompt: none, one that everybody uses, or an own one."""
    kind = rng.random()
    if kind < 0.4:
        return None
    return one_of(rng, STOCK_PROMPTS) if kind < 0.65 else personal(*names)
