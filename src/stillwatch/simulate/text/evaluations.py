"""What evaluations send: public benchmarks in their harness's form, and graders' rubrics."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.streams import generator
from stillwatch.simulate.text.documents import SENTENCE
from stillwatch.simulate.text.grammar import Grammar, Numbers, Phrase
from stillwatch.simulate.text.tasks import GRADING_ITEM, MATHEMATICS, PROGRAMMING
from stillwatch.simulate.text.words import ADJECTIVES, NOUNS, PLACES, TOPICS

_SHOTS: Final = [
    "Q: A shop sells 12 loaves an hour and opens for 7 hours. How many loaves is that?\n"
    "A: 12 times 7 is 84.\n#### 84\n\n",
    "Q: Two ferries carry 140 and 95 people. How many is that together?\n"
    "A: 140 plus 95 is 235.\n#### 235\n\n",
    "Q: A fence of 60 posts loses a quarter of them. How many stand?\n"
    "A: A quarter of 60 is 15, and 60 less 15 is 45.\n#### 45\n\n",
]
_SOLVE: Final = [
    "Solve the problem. Think step by step, then write the answer after ####.\n\n",
    "Answer the question. Show your reasoning before the final line, which starts with ####.\n\n",
    "Work through each problem one step at a time and end with #### and the number.\n\n",
]
_CODE: Final = [
    "Complete the task below. Return one code block and nothing else.\n\n{item}\n",
    "You will be given a programming problem. Write a solution that passes hidden tests.\n\n{item}",
    "### Task\n{item}\n### Answer with the full file:\n",
]
_PICK: Final = [
    "The following is a multiple choice question about {topic}. Answer with a single letter.\n\n"
    "{question}\nA. {a}\nB. {b}\nC. {a2}\nD. {b2}\nAnswer:",
    "{question}\n(A) {a} (B) {b} (C) {a2} (D) {b2}\nLet's think step by step, then give one letter.",
]

FORMS: Final = ("solve", "pick", "code")
"""What a public benchmark asks for."""


def benchmark(form: str, *names: str | int) -> Phrase:
    """Return the prompt of one public benchmark, fixed but for the item in it."""
    rng = generator("benchmark-text", *names)
    if form == "pick":
        slots: dict[str, Phrase | list[str]] = {
            "topic": TOPICS,
            "question": SENTENCE,
            "a": Numbers(1, 400),
            "b": PLACES,
        }
        return Grammar([_PICK[int(rng.integers(len(_PICK)))]], slots)
    if form == "code":
        return Grammar([_CODE[int(rng.integers(len(_CODE)))]], {"item": PROGRAMMING})
    shots = "".join(_SHOTS[: int(rng.integers(0, len(_SHOTS) + 1))])
    head = _SOLVE[int(rng.integers(len(_SOLVE)))]
    return Grammar([f"{head}{shots}Q: {{item}}\nA:"], {"item": MATHEMATICS})


_TASKS: Final = [
    "You compare an answer with a rubric for the {noun} team.",
    "Judge the quality of the assistant's answer below.",
    "Rate how {adjective} the response is. Our {noun} dashboard reads your score.",
    "You are the second reader of support answers at the {place} desk.",
    "Check the draft against the checklist we use for {topic}.",
]
_RULES: Final = [
    "Give 0 to {n} points for correctness and for tone.",
    "List each mistake, then a grade from 1 to {n}.",
    "Think step by step about each criterion before you score it.",
    "Criteria: follows the instructions; correct; {adjective}; no invented facts.",
    "Reply as JSON with the keys reason and score.",
    "Deduct points for anything about {topic} that is not in the question.",
    "Prefer the shorter answer if both are right.",
]


def rubric(*names: str | int) -> Phrase:
    """Return one team's own grading prompt, with a new answer to grade in it each time."""
    rng = generator("rubric-text", *names)
    rules = rng.choice(len(_RULES), int(rng.integers(2, 5)), replace=False)
    text = "\n".join([_TASKS[int(rng.integers(len(_TASKS)))], *(_RULES[int(k)] for k in rules)])
    words = {"noun": NOUNS, "adjective": ADJECTIVES, "place": PLACES, "topic": TOPICS}
    for slot, options in words.items():
        text = text.replace("{" + slot + "}", options[int(rng.integers(len(options)))])
    text = text.replace("{n}", str(int(rng.integers(3, 11))))
    return Grammar([f"{text}\n\n{{item}}"], {"item": GRADING_ITEM})
