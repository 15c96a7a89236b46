"""Work of one capability each: mathematics, programming, agents' errands, grading, analysis."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.text.documents import CODE, LOG, PROSE, ROWS
from stillwatch.simulate.text.grammar import Grammar, Numbers, Phrase
from stillwatch.simulate.text.words import (
    ADJECTIVES,
    FRAMEWORKS,
    LANGUAGES,
    MODULES,
    NAMES,
    NOUNS,
    PLACES,
    THINGS,
    TOPICS,
    VERBS,
)

_NUMBERS: Final[dict[str, Phrase | list[str]]] = {
    "a": Numbers(2, 97),
    "b": Numbers(3, 480),
    "n": Numbers(4, 60),
    "m": Numbers(100, 9999),
}

MATHEMATICS: Final = Grammar(
    [
        "Find all integers x with {a}x + {b} divisible by {m} and 0 <= x < {m2}.",
        "{name} has {b} {thing} and gives away one in every {n}. After {a} days {m} more "
        "arrive. How many are left?",
        "Let f(x) = {a}x^3 - {b}x^2 + {n}x - {m}. Determine the number of real roots of f and "
        "locate each between "
        "consecutive integers.",
        "In how many ways can {n} {thing} be shared among {a} children so that nobody gets "
        "more than {n2}?",
        "A train leaves {place} at {a} km/h; {n} minutes later another follows at {b} km/h. "
        "When do they meet if the "
        "line is {m} km long?",
        "Prove that the sum of the first {m} odd numbers is a square, and compute its "
        "remainder modulo {b}.",
        "A triangle has sides {b}, {b2} and an angle of {a} degrees between them. Compute the "
        "area and the third side.",
        "Evaluate the integral of x^{n} * exp(-{a}x) from 0 to {b}, to four decimals.",
        "The sequence starts with {a}, {b} and each term is the sum of the two before it minus "
        "{n}. Which is the first "
        "term above {m}?",
        "An urn holds {a} red and {b} white balls. {n} are drawn without replacement. What is "
        "the chance that at least "
        "{a2} are red?",
        "Solve the system {a}x + {b}y = {m}, {n}x - {a2}y = {m2} over the rationals.",
        "How many numbers between {b} and {m} have no digit repeated and leave remainder {n} "
        "when divided by {a}?",
    ],
    {**_NUMBERS, "name": NAMES, "thing": THINGS, "place": PLACES},
)

_CODE_SLOTS: Final[dict[str, Phrase | list[str]]] = {
    "language": LANGUAGES,
    "thing": FRAMEWORKS,
    "module": MODULES,
    "verb": VERBS,
    "noun": NOUNS,
    "code": CODE,
    "log": LOG,
    "n": Numbers(2, 5000),
}

PROGRAMMING: Final = Grammar(
    [
        "Why does {verb}_{noun} in {module} return {n} instead of an empty {noun2}?\n\n{code}",
        "Write a {language} function that can {verb} a {noun} and {verb2} every {noun2} older "
        "than {n} seconds.",
        "Refactor this so that {module} no longer depends on {module2}:\n\n```\n{code}\n```",
        "I get this when I start {thing} written in {language}:\n{log}\nWhat is wrong?",
        "Add tests for {module}: it should {verb} each {noun} once, even when {n} arrive "
        "together.\n{code}",
        "The {module} service leaks memory after about {n} requests. Here is the code that "
        "handles a {noun}.\n\n{code}",
        "Convert this {language} to {language2} and keep the behaviour of {verb}_{noun}.\n\n{code}",
        "In {thing} ({language}) how should I {verb} a {noun} without blocking {module}?",
        "Review the change below. The ticket says: {module} must {verb} at most {n} {noun}s a "
        "minute.\n\n{code}",
        "Design the tables for {module}: a {noun} has many {noun2}s, and we {verb} about {n} "
        "an hour.",
    ],
    _CODE_SLOTS,
)

ERRANDS: Final = Grammar(
    [
        "Look through the repository, find where {module} may {verb} a {noun} twice, fix it "
        "and run the tests.",
        "Open the {module} folder and move everything that can {verb} a {noun} into its own "
        "package.",
        "The build of {module} fails since yesterday. Find out why and mend it; do not touch "
        "{module2}.",
        "Upgrade {module} to the new {noun} format and keep old {noun}s readable for {n} days.",
        "Search the web for prices of {item} in {place}, compare at least {k} offers and write "
        "them to a file.",
        "Plan a trip for {k} people from {place} to {place2}, book nothing, but list trains, "
        "beds and costs.",
        "Read the last {n} entries of the {module} log, group them by cause and open an issue "
        "for each.",
        "Add an option to {verb} {noun}s in {language}, with documentation, and show me the "
        "diff first.",
        "Make the {module} tests pass on the new machine; {n} of them fail with a timeout.",
    ],
    {**_CODE_SLOTS, "item": THINGS, "place": PLACES, "k": Numbers(3, 12)},
)

GRADING_ITEM: Final = Grammar(
    [
        "Question: {question}\n\nResponse A: {text}\n\nResponse B: {text2}",
        "Task given to the assistant: {question}\nIts answer:\n{text}",
        "Prompt: {question}\nCandidate: {text}\nReference: {text2}",
    ],
    {"question": MATHEMATICS, "text": PROSE},
)

ANALYSIS: Final = Grammar(
    [
        "Here is an export. Which {n} rows look wrong, and why?\n\n{rows}",
        "Summarise this table by place and say what changed:\n{rows}",
        "Write a query that gives the {n} largest values per name for data like\n{rows}",
        "Fit a simple trend to the third column and tell me what to expect next.\n{rows}",
    ],
    {"n": Numbers(2, 20), "rows": ROWS},
)

WRITING: Final = Grammar(
    [
        "Write {format} about {topic} for {audience}. Keep it {adjective}.",
        "Make this more {adjective} and cut it to {n} words:\n\n{text}",
        "Translate into plain English and keep names:\n{text}",
        "Give me {k} titles for a talk on {topic}, {adjective} but not silly.",
        "Turn these notes into {format} for {audience}: {text}",
        "{name} asked for {format} on {topic} by tomorrow, can you draft it?",
    ],
    {
        "format": [
            "a letter",
            "a leaflet",
            "an email",
            "a short story",
            "a blog post",
            "a toast",
            "a summary",
        ],
        "topic": TOPICS,
        "audience": ["children", "my landlord", "the board", "visitors", "a friend", "our members"],
        "adjective": ADJECTIVES,
        "n": Numbers(30, 400),
        "k": Numbers(3, 12),
        "text": PROSE,
        "name": NAMES,
    },
)
