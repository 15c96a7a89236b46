"""What a relay writes in the place of a history that it does not send on."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.text.grammar import Grammar
from stillwatch.simulate.text.words import ADJECTIVES, TOPICS

SUMMARY: Final = Grammar(
    [
        "Summary of the conversation so far: we talked about {topic}; the last answer was "
        "{adjective}.",
        "Context: earlier we went through {topic} and agreed on a {adjective} next step.",
        "(Earlier messages, shortened: {topic}, {topic2}; open question: the {adjective} part.)",
        "So far: {topic}. Please continue from there.",
    ],
    {"topic": TOPICS, "adjective": ADJECTIVES},
)
