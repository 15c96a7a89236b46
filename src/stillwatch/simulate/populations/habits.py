"""How ordinary people use a model: the settings that populations draw from."""

from __future__ import annotations

from typing import Final

import numpy as np

from stillwatch.simulate.clients import CHAT_FAMILIES, DEVELOPER_FAMILIES, Client, build
from stillwatch.simulate.records import Rhythm, Setting
from stillwatch.simulate.streams import key_of
from stillwatch.simulate.text.chat import everyday, second_thoughts
from stillwatch.simulate.text.documents import TOOL_RESULT
from stillwatch.simulate.text.grammar import Mixture, Phrase
from stillwatch.simulate.text.system_prompts import (
    STOCK_PROMPTS,
    TOOL_PROMPTS,
    environment,
    personal,
)
from stillwatch.simulate.text.tasks import ANALYSIS, ERRANDS, MATHEMATICS, PROGRAMMING

MODELS: Final = ("small-2", "medium-2", "large-2", "thinker-2")
_THINKS: Final = {"thinker-2", "large-2"}

DEVELOPER_TEXT: Final[Phrase] = Mixture(
    [(45, PROGRAMMING), (10, ANALYSIS), (5, MATHEMATICS), (40, everyday("en"))]
)
AGENT_TEXT: Final[Phrase] = Mixture([(60, ERRANDS), (40, PROGRAMMING)])


def pick_model(rng: np.random.Generator, *shares: float) -> str:
    """Return a model, by default mostly a cheap one."""
    weights = np.array(shares or (0.36, 0.34, 0.16, 0.14))
    return MODELS[int(rng.choice(len(MODELS), p=weights / weights.sum()))]


def pick_rhythm(rng: np.random.Generator) -> Rhythm:
    """Return when somebody usually asks."""
    rhythms: tuple[Rhythm, ...] = ("day", "office", "evening")
    return rhythms[int(rng.choice(3, p=[0.5, 0.22, 0.28]))]


def rate(rng: np.random.Generator, median: float, spread: float = 1.1) -> float:
    """Return sittings a day, heavy-tailed around a median, never quite nothing."""
    return float(np.clip(median * np.exp(rng.normal(0, spread)), 0.1, 60 * median))


def chat(rng: np.random.Generator, language: str, *names: str | int) -> Setting:
    """Return how somebody chats in a browser or on a phone."""
    model = pick_model(rng)
    return Setting(
        client=build(CHAT_FAMILIES[int(rng.choice(2, p=[0.6, 0.4]))], rng),
        opening=everyday(language),
        follow_up=second_thoughts(language),
        model=model,
        system_prompt=personal(*names) if rng.random() < 0.22 else None,
        reasons=model in _THINKS,
        turns=float(rng.choice([0.0, 0.6, 1.2, 2.5])),
        pace=float(rng.uniform(25, 140)),
    )


def developer(
    rng: np.random.Generator,
    *names: str | int,
    system_prompt: str | None = None,
    client: Client | None = None,
    opening: Phrase = DEVELOPER_TEXT,
) -> Setting:
    """Return how somebody's own script or notebook calls the API."""
    model = pick_model(rng)
    family = DEVELOPER_FAMILIES[int(rng.choice(4, p=[0.58, 0.26, 0.08, 0.08]))]
    if rng.random() < 0.08:
        family = "bedrock"
    prompt = system_prompt or _instructions(rng, *names)
    return Setting(
        client=client or build(family, rng),
        opening=opening,
        follow_up=second_thoughts("en"),
        model=model,
        system_prompt=prompt,
        tools=(key_of("own-tools", *names) >> 1) if rng.random() < 0.15 else None,
        temperature=_temperature(rng),
        top_p=0.95 if rng.random() < 0.1 else None,
        max_tokens=int(rng.choice([512, 1024, 2048, 4096, 8192])),
        stream=bool(rng.random() < 0.4),
        reasons=model in _THINKS,
        turns=float(rng.choice([0.0, 0.0, 0.7, 1.5])),
        pace=float(rng.uniform(8, 70)),
        answer_tokens=float(rng.choice([120, 220, 420])),
    )


def agent_tool(tool: str, rng: np.random.Generator, *names: str | int) -> Setting:
    """Return how one person runs a popular agent tool."""
    return Setting(
        client=build(tool, rng),
        opening=AGENT_TEXT,
        follow_up=TOOL_RESULT,
        model=pick_model(rng, 0.1, 0.45, 0.3, 0.15),
        system_prompt=TOOL_PROMPTS[tool] + (environment(*names) if rng.random() < 0.5 else ""),
        tools=key_of("tool-schema", tool) >> 1,
        max_tokens=8192,
        agent_loop=True,
        reasons=bool(rng.random() < 0.6),
        turns=float(rng.choice([2.0, 4.0, 6.0])),
        pace=float(rng.uniform(6, 20)),
        pause=0.02,
        answer_tokens=160.0,
    )


def _instructions(rng: np.random.Generator, *names: str | int) -> str | None:
    """Return a developer's system prompt: none, one that everybody uses, or an own one."""
    kind = rng.random()
    if kind < 0.4:
        return None
    return str(rng.choice(STOCK_PROMPTS)) if kind < 0.65 else personal(*names)


def _temperature(rng: np.random.Generator) -> float | None:
    choices = (None, 1.0, 0.7, 0.2, 0.0)
    return choices[int(rng.choice(5, p=[0.5, 0.15, 0.15, 0.1, 0.1]))]
