"""Long pasted material: prose, minutes, program text, logs and tables."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.text.grammar import Grammar, Mixture, Numbers, OneOf, Passage
from stillwatch.simulate.text.words import (
    ADJECTIVES,
    MODULES,
    NAMES,
    NOUNS,
    PLACES,
    THINGS,
    TOPICS,
    VERBS,
)

SENTENCE: Final = Grammar(
    [
        "In {year} the town of {place} spent {n} thousand on {topic}, which nobody had planned.",
        "{name} said that {topic} had changed more in the last {k} months than in ten years "
        "before.",
        "The committee will look at {topic} again when {name} is back from {place}.",
        "Of the {n} people we asked, {k} had an opinion on {topic}.",
        "It remains unclear why {topic} cost so much more in {place} than in {place2}.",
        "A {adjective} report by {name} compares {topic} with {topic2}.",
        "Deliveries of {thing} were late by {k} days, and {n} {thing} were missing.",
        "On page {k} the author claims that {topic} and {topic2} have a common cause.",
        "We agreed to put {topic} on the list for {place}, with {name} in charge.",
        "Residents of {place} complained {k} times about {topic}; {n} letters were kept.",
        "The {adjective} part was {topic}: it took {k} hours and {n} phone calls.",
        "{name} and {name2} could not agree whether {topic} belongs in the budget.",
    ],
    {
        "year": Numbers(1890, 2025),
        "place": PLACES,
        "n": Numbers(11, 980),
        "k": Numbers(2, 60),
        "topic": TOPICS,
        "name": NAMES,
        "adjective": ADJECTIVES,
        "thing": THINGS,
    },
)

PROSE: Final = Passage(SENTENCE, 3, 45)

CODE_LINE: Final = Grammar(
    [
        "def {verb}_{noun}({noun2}, limit={n}):",
        "    {noun} = {module}.{verb}({noun2}, {n})",
        "    if {noun} is None or len({noun}) > {n}:",
        "        raise ValueError('{noun} {n} out of range')",
        "    for {noun} in {verb}_{noun2}s({module}):",
        "        total += {noun}.{verb}(offset={n})",
        "    return {verb}_{noun}(total, {n})",
        "    # TODO({name}): {verb} the {noun} before {module} starts",
        "    log.info('{verb} {noun} took %d ms', {n})",
        "class {module}_{noun}:",
        "    assert {noun}_{verb}({n}) == {noun2}.{verb}()",
        "const {noun} = await {module}.{verb}({n});",
    ],
    {
        "verb": VERBS,
        "noun": NOUNS,
        "module": MODULES,
        "n": Numbers(0, 9999),
        "name": [n.lower() for n in NAMES],
    },
)

CODE: Final = Passage(CODE_LINE, 4, 60, "\n")

LOG_LINE: Final = Grammar(
    [
        "2026-0{m}-1{d} 0{d2}:1{d3}:2{d4} ERROR {module}: could not {verb} {noun} {n}",
        "2026-0{m}-1{d} 0{d2}:1{d3}:2{d4} INFO  {module}: {verb} {noun} done in {n} ms",
        "  at {module}.{verb}({module}.ts:{n})",
        "warning: unused {noun} in {module}, line {n}",
        "FAILED tests/test_{module}.py::test_{verb}_{noun} - assert {n} == {n2}",
        "{n} passed, {d} failed in {n2} ms",
    ],
    {
        "m": Numbers(1, 9),
        "d": Numbers(0, 9),
        "module": MODULES,
        "verb": VERBS,
        "noun": NOUNS,
        "n": Numbers(1, 90000),
    },
)

LOG: Final = Passage(LOG_LINE, 2, 40, "\n")

ROWS: Final = Passage(
    Grammar(
        ["{name},{place},{n},{k}.{c}", "{name} {name2},{place},{n},{k}"],
        {
            "name": NAMES,
            "place": PLACES,
            "n": Numbers(1, 9000),
            "k": Numbers(1, 400),
            "c": Numbers(10, 99),
        },
    ),
    4,
    50,
    "\n",
)

TOOL_RESULT: Final = Mixture(
    [
        (4, Grammar(["{log}"], {"log": LOG})),
        (4, Grammar(["{code}"], {"code": CODE})),
        (2, Grammar(["{n} matches\n{log}"], {"n": Numbers(1, 40), "log": LOG})),
        (1, Grammar(["The file {module}.py has been updated."], {"module": MODULES})),
        (1, Grammar(["exit code {n}\n{log}"], {"n": Numbers(0, 2), "log": LOG})),
        (1, OneOf(["", "(no output)", "ok", "done"])),
    ]
)
"""What a tool gave back inside an agent's loop."""
