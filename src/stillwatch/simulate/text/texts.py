"""Where populations and operators get their words from: the grammar, or a corpus in its place."""

from __future__ import annotations

from functools import cache
from typing import Final, Protocol

from stillwatch.model.vocabulary import CAPABILITIES
from stillwatch.simulate.streams import key_of
from stillwatch.simulate.text import evaluations, fashions, workloads
from stillwatch.simulate.text.grammar import Habit, Mixture, Parts, Passage, Phrase, Typed
from stillwatch.simulate.text.languages import chat, english

_SHORT: Final = {
    "reasoning_mathematics": ("algebra", "proof", "question"),
    "software_engineering": ("code_ask",),
    "agentic_tool_use": ("errand",),
    "data_analysis": ("analysis_ask",),
}
"""The rules of single sentences that set a task of a capability."""


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

    def short_items(self, capability: str) -> Phrase:
        """Return tasks as `items` does, but of one short sentence where there are such.

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

    def short_items(self, capability: str) -> Phrase:
        """Return tasks as `items` does, but of one short sentence where there are such."""
        return _short(capability) if capability in _SHORT else self.items(capability)

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
def _short(capability: str) -> Phrase:
    return Typed(Mixture([(1, english()[name]) for name in _SHORT[capability]]))


@cache
def _everyday(language: str) -> Phrase:
    """Return what people ask in a chat: most ask about much, others mostly about one thing.

    People differ in how long they write as much as one person's requests do: over ten people of a
    public collection (aider histories) the logarithm of the median length has a standard deviation
    of 1.8, against 2.3 within one.
    """
    book = english()
    code, sums = Typed(book["software_engineering"]), Typed(book["reasoning_mathematics"])
    own = book if language == "en" else chat(language)
    shared: list[tuple[float, Phrase]] = [
        (13, code),
        (3, sums),
        (4, book["data_analysis"]),
        (6, book["writing"]),
        (4, book["step_by_step"]),
        (2, book["grading_innocent"]),
        (2, book["cleaning_innocent"]),
        (1, book["long_horizon_planning"]),
    ]
    # Whoever writes another language writes English too, above all about work.
    english_too: list[tuple[float, Phrase]] = [] if language == "en" else [(9, book["opening"])]
    usual = Mixture([(65, own["opening"]), *english_too, *shared])
    short = own["request"]
    brief = Parts([("", short, 1), ("\n\n", Passage(own["sentence"], 1, 9), 2)])
    long = Parts([("", own["about_paste"], 1), ("\n\n", own["paste"], 2)])
    step = Mixture([(50, book["step_by_step"]), (50, sums)])
    tastes = [
        *[usual] * 4,
        *_mostly(short, usual, 95, 80, 50),
        *_mostly(brief, usual, 95, 80, 65, 50, 30),
        *_mostly(long, usual, 80, 45),
        *_mostly(code, usual, 95, 85, 70, 50, 30),
        *_mostly(step, usual, 90, 60, 35),
        *_mostly(book["data_analysis"], usual, 85, 60, 35),
        *_mostly(book["grading_innocent"], usual, 80, 40),
        *_mostly(book["cleaning_innocent"], usual, 70, 35),
        *_mostly(book["writing"], usual, 80, 45),
    ]
    return Habit(tastes, key_of("tastes", "everyday"))


def _mostly(main: Phrase, rest: Phrase, *shares: float) -> list[Phrase]:
    """Return mixtures with so many of the main phrase in a hundred."""
    return [Mixture([(share, main), (100 - share, rest)]) for share in shares]


@cache
def _follow_up(language: str) -> Phrase:
    if language == "en":
        return english()["follow_up"]
    return Mixture([(80, chat(language)["follow_up"]), (20, english()["follow_up"])])


@cache
def _developer() -> Phrase:
    book = english()
    code = Typed(book["software_engineering"])
    usual = Mixture(
        [
            (45, code),
            (10, book["data_analysis"]),
            (5, book["reasoning_mathematics"]),
            (4, book["writing"]),
            (3, book["step_by_step"]),
            (3, book["grading_innocent"]),
            (30, _everyday("en")),
        ]
    )
    tastes = [
        *[usual] * 4,
        *_mostly(_everyday("en"), usual, 90, 70, 50),
        *_mostly(Typed(book["request"]), usual, 90, 60),
        *_mostly(code, usual, 95, 80, 60),
        *_mostly(book["data_analysis"], usual, 80, 50),
        *_mostly(book["reasoning_mathematics"], usual, 80, 40),
        *_mostly(book["grading_innocent"], usual, 80, 40),
        *_mostly(book["cleaning_innocent"], usual, 70, 40),
        *_mostly(book["trace"], usual, 30),
    ]
    return Habit(tastes, key_of("tastes", "developer"))


@cache
def _agent() -> Phrase:
    book = english()
    errands, code = Typed(book["agentic_tool_use"]), Typed(book["software_engineering"])
    plans = book["long_horizon_planning"]
    usual = Mixture([(58, errands), (36, code), (6, plans)])
    brief = Parts([("", Typed(book["request"]), 1), ("\n\n", Passage(book["sentence"], 1, 9), 2)])
    tastes = [
        *[usual] * 3,
        *_mostly(errands, usual, 90),
        *_mostly(Typed(book["request"]), usual, 90, 50),
        *_mostly(brief, usual, 80, 40),
        *_mostly(code, usual, 85, 60),
        *_mostly(plans, usual, 70, 40),
        *_mostly(book["paste"], usual, 70, 40),
        Mixture([(25, book["trace"]), (35, code), (40, usual)]),
    ]
    return Habit(tastes, key_of("tastes", "agent"))
