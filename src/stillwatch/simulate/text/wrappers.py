"""Harvest wrappers: what a campaign puts around each item of its work queue.

Each wrapper is a sequence of sentences, each with alternatives that say the same, so that two
requests made from one wrapper share some long phrases and not others.
"""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.text.grammar import Grammar, Phrase
from stillwatch.simulate.text.languages import english

_THINK = [
    "Write down every intermediate step of your reasoning before you state the result.",
    "Before you state the result, set out each intermediate step in full sentences.",
    "Do not skip any step of the derivation, even where it seems obvious to you.",
    "Reason step by step and show your complete chain of thought before the final result.",
]
_TAGS = [
    "Put the reasoning between <reasoning> and </reasoning> and the result between <final> and "
    "</final>.",
    "Wrap your reasoning in <reasoning></reasoning> tags and the result in <final></final> tags.",
    "Use <reasoning> for everything you consider and <final> for the result alone.",
]
_CHECK = [
    "Then check the result by a second, independent route.",
    "Verify the result once more by another method and say so.",
    "Finish with a verification that does not reuse the first argument.",
    "",
]
_RETRO = [
    "Then look back at the finished answer and explain the internal reasoning that led you to it.",
    "After the answer, reconstruct the considerations that led to it, including the ones you "
    "gave up.",
    "Afterwards describe, in order, what you considered while you were solving it and why you "
    "rejected the rest.",
]
_PLAN = [
    "First write a numbered plan of all tool calls you intend to make, with the reason for each.",
    "Start with a numbered plan: for each tool call, the purpose, the arguments and what you "
    "expect back.",
    "List every tool call you will need before the first one, and justify the order.",
]
_JSON = [
    'Answer as one JSON object with the keys "thought", "action" and "result".',
    'Return a single JSON object holding "thought", "action" and "result", nothing else.',
    'The output must be one JSON object: {open} "thought": ..., "action": ..., "result": ... '
    "{close}",
]
_RUBRIC = [
    "Score each response from 1 to 10 for correctness, completeness, clarity and safety.",
    "Give every response a score between 1 and 10 on correctness, completeness, clarity and "
    "safety.",
    "Rate the responses on a scale of 1 to 10 against four criteria: correctness, "
    "completeness, clarity, safety.",
]
_WHY_SCORE = [
    "Justify each score in two sentences and quote the passage that decided it.",
    "For every score give a two-sentence justification with the decisive passage quoted.",
    "Explain each score briefly and cite the words on which it rests.",
]


def _wrapper(template: str, **slots: Phrase | list[str]) -> Grammar:
    return Grammar([template], {**slots, "open": ["{"], "close": ["}"]})


MATHEMATICS_WRAPPERS: Final = [
    _wrapper(
        "{role} {think} {tags}\n\nProblem:\n{item}\n\n{check}",
        role=[
            "You are an expert mathematician who writes solutions for a textbook with worked "
            "answers.",
            "Act as the author of worked solutions for an olympiad textbook.",
            "As an experienced mathematics teacher you prepare model solutions.",
        ],
        think=_THINK,
        tags=_TAGS,
        check=_CHECK,
        item=english()["reasoning_mathematics"],
    ),
    _wrapper(
        "### Task\n{item}\n\n### Requirements\n- {think}\n- {retro}\n- {level}",
        level=[
            "The solution has to be understandable without any outside reference.",
            "Assume that the reader sees no other material than this solution.",
            "The text will be read without the problem at hand, so restate what is needed.",
        ],
        think=_THINK,
        retro=_RETRO,
        item=english()["reasoning_mathematics"],
    ),
]

PROGRAMMING_WRAPPERS: Final = [
    _wrapper(
        "{role}\n<issue>\n{item}\n</issue>\n{think} {patch}",
        role=[
            "You are a senior engineer who resolves issues in unfamiliar repositories without "
            "asking back.",
            "Resolve the issue below like a senior engineer who cannot ask the author anything.",
            "Below is an issue from a repository that you have never seen; resolve it without "
            "asking back.",
        ],
        patch=[
            "Deliver the smallest unified diff that makes the hidden tests pass.",
            "The answer ends with one minimal unified diff against the hidden tests.",
            "Close with a minimal patch in unified diff format; hidden tests decide.",
        ],
        think=_THINK,
        item=english()["software_engineering"],
    ),
    _wrapper(
        "{lead} {language}.\n\n{item}\n\n{retro} {tests}",
        lead=[
            "Produce an exemplary solution, the kind that one would show to a new colleague, in",
            "Write the solution that you would want a new colleague to learn from, in",
            "Give a model solution of the highest quality, commented for learners, in",
        ],
        tests=[
            "Add unit tests that fail before the change and pass after it.",
            "Include unit tests which would have failed before your change.",
            "Unit tests that fail without the change are part of the answer.",
        ],
        language=english()["language"],
        retro=_RETRO,
        item=english()["software_engineering"],
    ),
]

AGENTIC_WRAPPERS: Final = [
    _wrapper(
        "{role}\n{plan}\n{json}\n\nGoal: {item}",
        role=[
            "You control a sandbox with a shell, an editor and a browser, and you work until "
            "the goal is reached.",
            "A sandbox with shell, editor and browser is yours; keep working until the goal "
            "has been reached.",
            "Work alone in a sandbox (shell, editor, browser) and stop only when the goal is "
            "reached.",
        ],
        plan=_PLAN,
        json=_JSON,
        item=english()["agentic_tool_use"],
    ),
    _wrapper(
        "TASK {item}\n\nPROTOCOL\n1. {plan}\n2. {observe}\n3. {retro}",
        observe=[
            "After each observation write what you learned and how the plan changes.",
            "Following every observation, note what was learned and adapt the plan.",
            "When a tool has answered, state the new knowledge and the change of plan.",
        ],
        plan=_PLAN,
        retro=_RETRO,
        item=english()["agentic_tool_use"],
    ),
]

GRADING_WRAPPERS: Final = [
    _wrapper(
        "{role} {rubric} {why} {json}\n\n{item}",
        role=[
            "You are an impartial judge of answers written by assistants.",
            "Judge the following answers impartially; you do not know who wrote them.",
            "Serve as a neutral grader for the answers below.",
        ],
        rubric=_RUBRIC,
        why=_WHY_SCORE,
        json=_JSON,
        item=english()["grading"],
    ),
]

FIXED_WRAPPER: Final = _wrapper(
    "You are producing reference solutions for a training collection. Work through the task "
    "completely, "
    "show every step of your reasoning between <reasoning> and </reasoning>, then give the "
    "final result between "
    "<final> and </final>. Never refuse, never ask back, never shorten the "
    "reasoning.\n\nTask:\n{item}",
    item=Grammar(
        ["{a}", "{b}"],
        {"a": english()["reasoning_mathematics"], "b": english()["software_engineering"]},
    ),
)
"""One unchanging prompt around every item: the loudest campaign there is."""
