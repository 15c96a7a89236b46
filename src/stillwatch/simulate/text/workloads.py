"""Repeated text that is innocent: pipelines, benchmarks, assignments, viral prompts."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.streams import generator
from stillwatch.simulate.text.documents import CODE, LOG, PROSE, ROWS, SENTENCE
from stillwatch.simulate.text.grammar import Grammar, Mixture, Numbers, OneOf, Phrase
from stillwatch.simulate.text.tasks import ERRANDS, MATHEMATICS, PROGRAMMING
from stillwatch.simulate.text.words import (
    ADJECTIVES,
    FORMATS,
    MODULES,
    NAMES,
    NOUNS,
    PLACES,
    THINGS,
    TOPICS,
)

_JOBS = [
    ("Classify the customer message as {labels}. Answer with one word.", "Message"),
    ("Extract every {noun} and {noun2} from the text as JSON with the keys {labels}.", "Text"),
    ("Summarise the {noun} report for the {place} desk in at most {n} words.", "Report"),
    (
        "Translate the product description of {thing} into the language of the {place} shop.",
        "Description",
    ),
    ("Decide whether the log shows a real {noun} failure. Reply {labels}.", "Log"),
    ("Write alt text of at most {n} characters for a picture described as follows.", "Picture"),
    ("Normalise the address and answer as {labels}; leave a field empty when unsure.", "Input"),
    ("Score how {adjective} this review of {thing} is, from 0 to {n}. Number only.", "Review"),
    ("Give three search keywords for the article, in lower case, for the {noun} index.", "Article"),
    ("Check the {noun} description against policy {n} and list what is missing.", "Item"),
]

_LABELS = [
    "billing, delivery, praise or other",
    "yes or no",
    "name, street, town, code",
    "red, amber or green",
    "keep, drop or ask",
    "title, owner and date",
    "urgent or normal",
    "refund, repair, question or spam",
]


def pipeline(*names: str | int) -> Phrase:
    """Return the one prompt that a pipeline sends for ever, with a new item in it each time."""
    rng = generator("pipeline-text", *names)
    job, field = _JOBS[int(rng.integers(len(_JOBS)))]
    filled = (
        job.replace("{labels}", str(rng.choice(_LABELS)))
        .replace("{noun2}", str(rng.choice(NOUNS)))
        .replace("{noun}", str(rng.choice(NOUNS)))
        .replace("{place}", str(rng.choice(PLACES)))
        .replace("{thing}", str(rng.choice(THINGS)))
        .replace("{adjective}", str(rng.choice(ADJECTIVES)))
        .replace("{n}", str(int(rng.integers(5, 400))))
    )
    extra = (
        f" Rule set {rng.choice(MODULES)}/{int(rng.integers(2, 90))}, owner {rng.choice(NAMES)}."
    )
    items: list[Phrase] = [SENTENCE, PROSE, LOG, ROWS]
    item = items[int(rng.choice(4, p=[0.5, 0.3, 0.1, 0.1]))]
    return Grammar([f"{filled}{extra}\n\n{field}: {{item}}"], {"item": item})


BENCHMARK_SOLVING: Final = Grammar(
    [
        "Solve the problem. Think step by step, then write the answer after ####.\n\nQ: A shop "
        "sells 12 loaves an hour "
        "and opens for 7 hours. How many loaves is that?\nA: 12 times 7 is 84.\n#### 84\n\nQ: "
        "{item}\nA:"
    ],
    {"item": MATHEMATICS},
)
"""Items of a public set of sums, in the few-shot form that its harness prescribes."""

BENCHMARK_CHOICE: Final = Grammar(
    [
        "The following is a multiple choice question about {topic}. Answer with a single "
        "letter.\n\n{question}\n"
        "A. {a}\nB. {b}\nC. {a2}\nD. {b2}\nAnswer:"
    ],
    {"topic": TOPICS, "question": SENTENCE, "a": Numbers(1, 400), "b": PLACES},
)
"""Items of a public multiple-choice set."""

VIRAL: Final = Grammar(
    [
        "I want you to be my future self, twenty years from now. You live in {place}, you are "
        "{adjective} and you know "
        "about {topic}. Write me a letter about the year that changed everything, and end with "
        "one thing I should stop "
        "worrying about today.",
        "I want you to be my future self, twenty years from now. You live in {place}, you are "
        "{adjective} and you know "
        "about {topic}. Write me a letter about the year that changed everything, in the style "
        "of {format}.",
    ],
    {"place": PLACES, "adjective": ADJECTIVES, "topic": TOPICS, "format": FORMATS},
)
"""A prompt that went round; strangers fill in three words."""


def assignment(*names: str | int) -> Phrase:
    """Return how students of one class put one assignment to the model."""
    rng = generator("assignment-text", *names)
    task: Phrase = [MATHEMATICS, PROGRAMMING, ERRANDS][int(rng.integers(2))]
    text = task.render(rng.integers(0, 1 << 62, 1).astype("uint64"))[0].as_py()
    sheet = f"Exercise {int(rng.integers(1, 9))}, part {rng.choice(list('abcd'))}: {text}"
    return Grammar(
        ["{task}", "{task}\n\n{ask}", "{ask}\n{task}", "{task}\nMy attempt so far:\n{code}"],
        {
            "task": [sheet],
            "code": CODE,
            "ask": [
                "I do not understand what is being asked",
                "can you help with the homework",
                "give a hint only",
                "what is the first step?",
                "is there a formula for this",
                "explain like in the lecture",
                "solve",
            ],
        },
    )


TITLE_REQUEST: Final = Grammar(
    ["Write a title of at most {n} words for this conversation: {text}"],
    {"n": Numbers(6, 6), "text": SENTENCE},
)
"""What a client asks by itself beside the user's own requests."""

TICKETS: Final = Mixture([(3, SENTENCE), (1, PROSE), (1, OneOf(["test", "ping", "hello"]))])
"""Short things that an application passes through on behalf of its own customers."""
