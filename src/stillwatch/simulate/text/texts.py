"""Where populations and operators get their words from: the grammar, or a corpus in its place."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from stillwatch.model.vocabulary import CAPABILITIES
from stillwatch.simulate.text import evaluations, fashions, workloads
from stillwatch.simulate.text.grammar import Mixture, Phrase, Typed
from stillwatch.simulate.text.languages import chat, english


class Texts(Protocol):
    """A source of request texts, by what they are for.

    Equal calls return one and the same phrase, so that a phrase can be compiled once.
    """

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
        """Return plain tasks that exercise one capability, as anybody might set them.

        Raises KeyError for what is no capability.
        """

    def traces(self) -> Phrase:
        """Return thoughts and tool calls of an assistant, as text that somebody pastes."""

    def summary(self) -> Phrase:
        """Return what stands in the place of a conversation's earlier turns."""

    def step_by_step(self) -> Phrase:
        """Return what learners and prompt tinkerers ask who want to see the reasoning."""

    def grading(self) -> Phrase:
        """Return what teachers and researchers ask who want something scored."""

    def cleaning(self) -> Phrase:
        """Return what people ask who want notes or transcripts tidied up."""

    def benchmark(self, form: str, *names: str | int) -> Phrase:
        """Return the prompt of one public benchmark (`evaluations.FORMS`), with an item in it."""

    def rubric(self, *names: str | int) -> Phrase:
        """Return one team's own grading prompt, with a new answer to grade in it each time."""

    def viral(self, *names: str | int) -> Phrase:
        """Return one prompt that went round, in a few versions."""

    def assignment(self, *names: str | int) -> Phrase:
        """Return how students of one class put one assignment to the model."""

    def pipeline(self, *names: str | int) -> Phrase:
        """Return the one prompt that a pipeline sends for ever, with a new item each time."""


class GrammarTexts:
    """The project's own grammar; it needs no data and its texts hardly ever repeat."""

    def everyday(self, language: str) -> Phrase:
        """Return what people ask in a chat, in one language."""
        return _everyday(language)

    def follow_up(self, language: str) -> Phrase:
        """Return what people answer to an answer."""
        return _follow_up(language)

    def developer(self) -> Phrase:
        """Return what people's own programs and notebooks ask."""
        return _developer()

    def agent(self) -> Phrase:
        """Return what people tell an agent tool to do."""
        return _agent()

    def tool_result(self) -> Phrase:
        """Return what an agent's tools answer."""
        return english()["tool_result"]

    def items(self, capability: str) -> Phrase:
        """Return plain tasks that exercise one capability, as anybody might set them."""
        if capability not in CAPABILITIES:
            raise KeyError(capability)
        return english()[capability]

    def traces(self) -> Phrase:
        """Return thoughts and tool calls of an assistant, as text that somebody pastes."""
        return english()["trace"]

    def summary(self) -> Phrase:
        """Return what stands in the place of a conversation's earlier turns."""
        return english()["summary"]

    def step_by_step(self) -> Phrase:
        """Return what learners and prompt tinkerers ask who want to see the reasoning."""
        return english()["step_by_step"]

    def grading(self) -> Phrase:
        """Return what teachers and researchers ask who want something scored."""
        return english()["grading_innocent"]

    def cleaning(self) -> Phrase:
        """Return what people ask who want notes or transcripts tidied up."""
        return english()["cleaning_innocent"]

    def benchmark(self, form: str, *names: str | int) -> Phrase:
        """Return the prompt of one public benchmark (`evaluations.FORMS`), with an item in it."""
        return evaluations.benchmark(form, *names)

    def rubric(self, *names: str | int) -> Phrase:
        """Return one team's own grading prompt, with a new answer to grade in it each time."""
        return evaluations.rubric(*names)

    def viral(self, *names: str | int) -> Phrase:
        """Return one prompt that went round, in a few versions."""
        return fashions.fashion(*names)

    def assignment(self, *names: str | int) -> Phrase:
        """Return how students of one class put one assignment to the model."""
        return workloads.assignment(*names)

    def pipeline(self, *names: str | int) -> Phrase:
        """Return the one prompt that a pipeline sends for ever, with a new item each time."""
        return workloads.pipeline(*names)


@cache
def _everyday(language: str) -> Phrase:
    book = english()
    code, sums = Typed(book["software_engineering"]), Typed(book["reasoning_mathematics"])
    shared: list[tuple[float, Phrase]] = [
        (13, code),
        (3, sums),
        (4, book["data_analysis"]),
        (6, book["writing"]),
        (4, english()["step_by_step"]),
        (2, english()["grading_innocent"]),
        (2, english()["cleaning_innocent"]),
        (1, book["long_horizon_planning"]),
    ]
    if language == "en":
        return Mixture([(65, book["opening"]), *shared])
    # Whoever writes another language writes English too, above all about work.
    return Mixture([(65, chat(language)["opening"]), (9, book["opening"]), *shared])


@cache
def _follow_up(language: str) -> Phrase:
    if language == "en":
        return english()["follow_up"]
    return Mixture([(80, chat(language)["follow_up"]), (20, english()["follow_up"])])


@cache
def _developer() -> Phrase:
    book = english()
    return Mixture(
        [
            (45, Typed(book["software_engineering"])),
            (10, book["data_analysis"]),
            (5, book["reasoning_mathematics"]),
            (4, book["writing"]),
            (3, english()["step_by_step"]),
            (3, english()["grading_innocent"]),
            (30, _everyday("en")),
        ]
    )


@cache
def _agent() -> Phrase:
    book = english()
    return Mixture(
        [
            (58, Typed(book["agentic_tool_use"])),
            (36, Typed(book["software_engineering"])),
            (6, book["long_horizon_planning"]),
        ]
    )
