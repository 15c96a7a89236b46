"""Prompts that go round: many strangers send one wording with a few words of their own in it."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.streams import generator
from stillwatch.simulate.text.grammar import Grammar, Phrase
from stillwatch.simulate.text.words import ADJECTIVES, AUDIENCES, FORMATS, NAMES, PLACES, TOPICS

_SCENES: Final = [
    "I want you to be my future self, twenty years from now. You live in {place}.",
    "You are a detective who has read every message I ever sent about {topic}.",
    "Act as the harshest reader in {place}. I will hand you my life so far.",
    "Pretend that we are stuck in a lift in {place} and you know everything about {topic}.",
    "Turn me into the hero of a fairy tale for {audience}. My name is {name}.",
    "You are my grandmother, {name}, and you have opinions on {topic}.",
]
_WISHES: Final = [
    "Write me a letter about the year that changed everything, in the style of {format}.",
    "Ask me nine questions, one at a time, and then tell me what I am hiding from myself.",
    "Describe me in five sentences that {audience} would find {adjective}.",
    "Tell me the one thing I should stop worrying about today, and be {adjective} about it.",
    "Give me a score out of a hundred and defend it with three scenes from {place}.",
    "Draw the room I belong in with words alone: {adjective}, {adjective2}, nothing else.",
]
_WORDS: Final[dict[str, Phrase | list[str]]] = {
    "place": PLACES,
    "topic": TOPICS,
    "audience": AUDIENCES,
    "name": NAMES,
    "format": FORMATS,
    "adjective": ADJECTIVES,
}


def fashion(*names: str | int) -> Phrase:
    """Return one prompt that went round, in two versions of it."""
    rng = generator("fashion-text", *names)
    scene = _SCENES[int(rng.integers(len(_SCENES)))]
    wishes = rng.choice(len(_WISHES), 3, replace=False)
    first, second, third = (_WISHES[int(k)] for k in wishes)
    return Grammar([f"{scene} {first} {second}", f"{scene} {first} {third}"], _WORDS)
