"""System prompts of tools, companies, people and applications."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from stillwatch.simulate.streams import generator
from stillwatch.simulate.text.words import (
    ADJECTIVES,
    AUDIENCES,
    FORMATS,
    MODULES,
    NAMES,
    NOUNS,
    PLACES,
    TOPICS,
)

TOOL_PROMPTS: Final[dict[str, str]] = {
    "brushwood": "You are Brushwood, a coding assistant that lives in the terminal. You may read "
    "files, run commands and edit "
    "text with the tools given to you. Make small changes, run the tests after each, and say "
    "in one line what you did. "
    "Never commit on the user's behalf unless asked.",
    "kitefold": "You are the agent inside Kitefold, an editor extension. Answer with edits where "
    "edits are wanted and with words "
    "where a question was asked. Quote file names with their path. If the workspace is dirty, "
    "mention it before changing anything.",
    "pagewright": "Pagewright browses on behalf of one person. Use the browser tools, cite the "
    "page for each claim, never fill in "
    "payment details, and stop when the question has been answered.",
    "oxbow": "You run as Oxbow, an automation agent with access to mail, calendar and files. Ask "
    "before anything is sent. "
    "Keep a list of what is done and what is left, and show it when it changes.",
}

STOCK_PROMPTS: Final = [
    "You are a helpful assistant.",
    "You are a helpful, concise assistant.",
    "You are an expert software engineer.",
    "Answer as accurately as you can. If you do not know, say so.",
    "You are a careful assistant that thinks before it answers.",
    "Respond in Markdown.",
]
"""What thousands copy from the same examples."""

_TONES = [
    "Be {adjective} and {adjective2}.",
    "Answer like somebody from {place}.",
    "I am {name}; call me by name.",
    "Keep answers under {n} words.",
    "You help {audience}.",
    "Prefer {format} where it fits.",
    "When {topic} come up, mention that I know them well.",
    "Use metric units, and {adjective} wording.",
]


def personal(*names: str | int) -> str:
    """Return the custom instructions of one person."""
    rng = generator("personal-prompt", *names)
    picks = rng.choice(len(_TONES), size=int(rng.integers(1, 4)), replace=False)
    return " ".join(_fill(_TONES[int(k)], rng) for k in picks)


def application(*names: str | int) -> str:
    """Return the system prompt of one company's or developer's own application."""
    rng = generator("application-prompt", *names)
    opening = str(
        rng.choice(
            [
                "You answer on behalf of the {noun} desk in {place}.",
                "This is the {module} assistant, version {n}.",
                "You are {name}, the helper inside our {noun} app.",
                "Context: internal tool {module} for the {place} office.",
            ]
        )
    )
    rules = [
        "Only talk about {topic} and {topic2}.",
        "Escalate anything about {noun}s to {name2}.",
        "Answer in the user's language, {adjective} in tone.",
        "Never promise a date before day {n}.",
        "Use the {module} vocabulary.",
        "Quote the {noun} number in each answer.",
    ]
    picks = rng.choice(len(rules), size=int(rng.integers(2, 5)), replace=False)
    return " ".join(_fill(text, rng) for text in [opening, *(rules[int(k)] for k in picks)])


def environment(*names: str | int) -> str:
    """Return the environment lines that an agent tool adds for one user's machine."""
    rng = generator("environment", *names)
    system = rng.choice(["linux", "darwin", "win32"])
    folder = (
        f"/home/{str(rng.choice(NAMES)).lower()}{int(rng.integers(1, 99))}/{rng.choice(MODULES)}"
    )
    return f"\n\nPlatform: {system}\nFolder: {folder}\nShell: {rng.choice(['zsh', 'bash', 'fish'])}"


def _fill(text: str, rng: np.random.Generator) -> str:
    """Fill each slot; the same slot gets the same word wherever it stands."""
    drawn: dict[str, str] = {}

    def word(slot: re.Match[str]) -> str:
        if slot[1] not in drawn:
            words = _WORDS[slot[1].rstrip("2")]
            drawn[slot[1]] = words[int(rng.random() * len(words))]
        return drawn[slot[1]]

    return _SLOT.sub(word, text)


_SLOT: Final = re.compile(r"\{([a-z]+2?)\}")
_WORDS: Final[dict[str, list[str]]] = {
    "adjective": ADJECTIVES,
    "place": PLACES,
    "name": NAMES,
    "audience": AUDIENCES,
    "format": FORMATS,
    "topic": TOPICS,
    "noun": NOUNS,
    "module": MODULES,
    "n": [str(k) for k in range(20, 400, 7)],
}
