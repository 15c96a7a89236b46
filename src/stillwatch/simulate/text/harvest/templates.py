"""The templates of one campaign: how many, for which capabilities, how closely worded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from stillwatch.errors import UsageError
from stillwatch.model.vocabulary import CAPABILITIES
from stillwatch.simulate.streams import generator, key_of
from stillwatch.simulate.text.harvest.template import Paraphrase, Template
from stillwatch.simulate.text.harvest.wording import asked, wrapped
from stillwatch.simulate.text.texts import Texts

_ELICITING: Final = ("think", "tags", "retro", "length")
"""Clauses that ask for the reasoning itself."""
_OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "agentic_tool_use": ("plan", "observe", "json", "refuse"),
    "software_engineering": ("patch", "tests", "exemplary", "self", "refuse"),
    "reasoning_mathematics": ("check", "exemplary", "self", "refuse"),
    "long_horizon_planning": ("horizon", "plan", "observe", "self"),
    "grading": ("rubric", "why_score", "verdict", "json"),
    "data_analysis": ("finding", "check", "json", "self"),
    "writing": ("style", "exemplary", "self", "refuse"),
}
"""Clauses that suit one capability, its most typical one first."""
_BRIEF: Final = 0.4
"""Share of strongly reworded templates that set a short task and ask in a few words for the
reasoning."""
_TURNS: Final = {
    "agentic_tool_use": (4.0, True, 180.0),
    "software_engineering": (0.7, False, 520.0),
    "reasoning_mathematics": (0.0, False, 460.0),
    "long_horizon_planning": (2.0, False, 600.0),
    "grading": (0.0, False, 140.0),
    "data_analysis": (0.5, False, 380.0),
    "writing": (0.3, False, 420.0),
}
"""Median further turns, whether they are a tool loop, and median tokens of an answer."""


def templates(
    key: int,
    count: int,
    paraphrase: Paraphrase,
    mix: Mapping[str, float],
    texts: Texts,
    *,
    elicitation: float = 0.7,
    coerced_language: float = 0.0,
) -> tuple[Template, ...]:
    """Return a campaign's templates, at least one and otherwise `count` of them.

    `mix` is the share of requests for each capability. With fewer templates than capabilities the
    largest shares are served. Wordings per account need one template a capability, whatever the
    count. `elicitation` and `coerced_language` are the shares of templates that ask for the
    reasoning itself, and for reasoning in a language of the campaign's choice.

    Raises UsageError for an unknown capability, a negative share or no positive one.
    """
    unknown = set(mix) - set(CAPABILITIES)
    if unknown:
        raise UsageError(
            f"no capability called {sorted(unknown)[0]!r}",
            hint="one of: " + ", ".join(CAPABILITIES),
        )
    if not mix or min(mix.values()) < 0 or not sum(mix.values()):
        raise UsageError("the capability shares must be positive")
    wanted = sorted((c for c in mix if mix[c] > 0), key=lambda c: (-mix[c], c))
    counts = dict.fromkeys(wanted, 1) if paraphrase == "per_account" else _dealt(mix, wanted, count)
    total = sum(mix[capability] for capability in counts)
    rng = generator("templates", key)
    made: list[Template] = []
    for capability, number in counts.items():
        turns, loop, tokens = _TURNS[capability]
        task, short = texts.items(capability), texts.short_items(capability)
        for k in range(number):
            # Accounts' own wordings are kept apart campaign by campaign, not template by template.
            own = key if paraphrase == "per_account" else key_of("template", key, capability, k)
            names = _clauses(rng, capability, elicitation, coerced_language)
            if paraphrase == "strong":
                names = _some(rng, names)
            later = ("retro", "check") if "retro" in names else ("check", _OWN[capability][1])
            made.append(
                Template(
                    capability=capability,
                    stage="grading" if capability == "grading" else "harvest",
                    phrase=wrapped(names, short if names[0] == "brief" else task, own, paraphrase),
                    follow_up=texts.tool_result() if loop else asked(later, own, paraphrase),
                    share=mix[capability] / total / number,
                    turns=turns,
                    loop=loop,
                    answer_tokens=tokens,
                    clauses=tuple(names),
                    key=own,
                    paraphrase=paraphrase,
                )
            )
    return tuple(made)


def _dealt(mix: Mapping[str, float], wanted: list[str], count: int) -> dict[str, int]:
    """Return how many templates each capability gets: by share, with at least one each."""
    served = wanted[: max(1, count)]
    shares = np.array([mix[capability] for capability in served])
    exact = shares / shares.sum() * max(1, count)
    given = np.maximum(1, np.floor(exact)).astype(int)
    while given.sum() < count:
        given[int(np.argmax(exact - given))] += 1
    while given.sum() > max(count, len(served)):
        given[int(np.argmax(np.where(given > 1, given - exact, -np.inf)))] -= 1
    return dict(zip(served, given.tolist(), strict=True))


def _some(rng: np.random.Generator, names: list[str]) -> list[str]:
    """Return part of the clauses in their order: what is reworded so far differs in length too.

    What a template elicits stays in it, if only in a few words.
    """
    if rng.random() < _BRIEF:
        return ["brief", *(name for name in names if name == "think_language")]
    count = min(len(names), int(rng.integers(1, 5)))
    kept = {"think_language": 0, **dict.fromkeys(_ELICITING, 1)}
    order = sorted(rng.permutation(len(names)).tolist(), key=lambda k: kept.get(names[k], 2))
    return [names[k] for k in sorted(order[:count])]


def _clauses(
    rng: np.random.Generator, capability: str, elicitation: float, coerced: float
) -> list[str]:
    """Return the clauses of one template, in the order in which it says them."""
    own = _OWN[capability]
    names = [own[0], *rng.permutation(list(own[1:]))[: int(rng.integers(1, 3))]]
    if rng.random() < elicitation:
        asking = rng.permutation(list(_ELICITING))[: int(rng.integers(1, 3))]
        place = int(rng.integers(0, len(names) + 1))
        names[place:place] = list(asking)
    if rng.random() < coerced:
        names.append("think_language")
    if rng.random() < 0.6:
        names.insert(0, f"role_{capability}")
    return [str(name) for name in names]
