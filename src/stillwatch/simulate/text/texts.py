"""Where populations and operators get their words from: the grammar, or a corpus in its place."""

from __future__ import annotations

from typing import Protocol

from stillwatch.simulate.text.chat import everyday, second_thoughts
from stillwatch.simulate.text.documents import TOOL_RESULT
from stillwatch.simulate.text.grammar import Mixture, Phrase
from stillwatch.simulate.text.tasks import ANALYSIS, ERRANDS, MATHEMATICS, PROGRAMMING


class Texts(Protocol):
    """A source of request texts, by what they are for."""

    def everyday(self, language: str) -> Phrase:
        """Return what people ask in a chat, in one language."""

    def follow_up(self, language: str) -> Phrase:
        """Return what people answer to an answer."""

    def developer(self) -> Phrase:
        """Return what people's own programs and notebooks ask."""

    def agent(self) -> Phrase:
        """Return what people tell an agent tool to do."""

    def tool_result(self) -> Phrase:
        """Return what an agent's tools answer."""

    def items(self, capability: str) -> Phrase:
        """Return plain tasks that exercise one capability, as anybody might set them."""


class GrammarTexts:
    """The project's own grammar."""

    def everyday(self, language: str) -> Phrase:
        """Return what people ask in a chat, in one language."""
        return everyday(language)

    def follow_up(self, language: str) -> Phrase:
        """Return what people answer to an answer."""
        return second_thoughts(language)

    def developer(self) -> Phrase:
        """Return what people's own programs and notebooks ask."""
        return _DEVELOPER

    def agent(self) -> Phrase:
        """Return what people tell an agent tool to do."""
        return _AGENT

    def tool_result(self) -> Phrase:
        """Return what an agent's tools answer."""
        return TOOL_RESULT

    def items(self, capability: str) -> Phrase:
        """Return plain tasks that exercise one capability, as anybody might set them."""
        return _ITEMS.get(capability, ERRANDS)


_DEVELOPER = Mixture([(45, PROGRAMMING), (10, ANALYSIS), (5, MATHEMATICS), (40, everyday("en"))])
_AGENT = Mixture([(60, ERRANDS), (40, PROGRAMMING)])
_ITEMS: dict[str, Phrase] = {
    "software_engineering": PROGRAMMING,
    "reasoning_mathematics": MATHEMATICS,
    "data_analysis": ANALYSIS,
}
