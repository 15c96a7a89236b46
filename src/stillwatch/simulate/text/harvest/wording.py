"""Turns clauses into wrappers around a task, at each level of paraphrase."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np

from stillwatch.simulate.streams import key_of, mix
from stillwatch.simulate.text.grammar import (
    Escaped,
    Fixed,
    Habit,
    Mixture,
    OneOf,
    Parts,
    Phrase,
    Reworded,
    Shuffled,
    coded,
)
from stillwatch.simulate.text.harvest.template import Paraphrase
from stillwatch.simulate.text.languages import english

_ALTERNATIVES: Final = {"none": 1, "light": 3, "medium": 6}
_STAYS: Final = {"none": 1.0, "light": 1.0, "medium": 0.75, "strong": 0.6}
"""Chance that a sentence after the first is kept."""
_FORMS: Final = ("before", "after", "labelled", "markdown", "xml", "yaml", "json")
_WEIGHTS: Final = (0.22, 0.14, 0.2, 0.18, 0.14, 0.06, 0.06)


def wrapped(names: Sequence[str], task: Phrase, key: int, paraphrase: Paraphrase) -> Phrase:
    """Return a task among the named clauses; wrappers of different keys are worded apart."""
    if paraphrase == "per_account":
        return own_wrapper(task, key)
    parts = [_clause(name, key, paraphrase) for name in names]
    if names[0] == "brief":
        after: Phrase = Parts([("", task, 9), (" ", parts[0], 3)])
        before: Phrase = Parts([("", parts[0], 3), (": ", task, 9)])
        below: Phrase = Parts([("", task, 9), ("\n", parts[0], 3)])
        return Mixture([(2, after), (1, before), (2, below)])
    if paraphrase == "strong":
        forms = [_form(form, parts, task, key, paraphrase) for form in _FORMS]
        return Mixture(list(zip(_WEIGHTS, forms, strict=True)))
    share = key_of("form", key) % 1000 / 1000
    form = _FORMS[int(np.searchsorted(np.cumsum(_WEIGHTS), share, "right"))]
    return _form(form, parts, task, key, paraphrase)


def asked(names: Sequence[str], key: int, paraphrase: Paraphrase) -> Phrase:
    """Return what later turns ask: the named clauses alone."""
    if paraphrase == "per_account":
        return _own(key, "own_steps")
    return _body([_clause(name, key, paraphrase) for name in names], " ", paraphrase)


def _clause(name: str, key: int, paraphrase: Paraphrase) -> Phrase:
    """Return a clause with as many wordings as the level allows, chosen by the key."""
    clause = english()[name]
    if paraphrase not in _ALTERNATIVES:
        return Reworded(clause)
    count = _ALTERNATIVES[paraphrase]
    seeds = mix(np.arange(count, dtype=np.uint64), key_of("clause", name, key))
    return OneOf(clause.render(seeds).to_pylist())


def _body(parts: Sequence[Phrase], gap: str, paraphrase: Paraphrase) -> Phrase:
    if len(parts) == 1:
        return parts[0]
    if paraphrase in ("none", "light"):
        pieces: list[tuple[str, Phrase | None, int]] = [
            (gap if k else "", part, k) for k, part in enumerate(parts)
        ]
        return Parts(pieces)
    return Shuffled(parts, Fixed(gap), always=1, chance=_STAYS[paraphrase])


def _form(
    form: str, parts: Sequence[Phrase], task: Phrase, key: int, paraphrase: Paraphrase
) -> Phrase:
    """Return the wrapper laid out in one of the forms in which programs write requests."""

    def word(name: str) -> Phrase:
        return _clause(name, key, "none" if paraphrase in ("none", "light") else paraphrase)

    if form == "markdown":
        body = _body(parts, "\n- ", paraphrase)
        pieces = [
            ("## ", word("label"), 1),
            ("\n", task, 9),
            ("\n\n## ", word("rules_label"), 2),
            ("\n- ", body, 3),
        ]
    elif form == "xml":
        body = _body(parts, "\n", paraphrase)
        tag, rules = word("xml"), word("xml_rules")
        pieces = [("<", tag, 1), (">\n", task, 9), ("\n</", tag, 1), (">\n<", rules, 2)]
        pieces += [(">\n", body, 3), ("\n</", rules, 2), (">", Fixed(""), 4)]
    elif form == "yaml":
        body = _body(parts, "\n  - ", paraphrase)
        pieces = [("", word("xml_rules"), 2), (":\n  - ", body, 3), ("\n", word("xml"), 1)]
        pieces += [(": |\n", task, 9)]
    elif form == "json":
        body = _body([Escaped(part) for part in parts], '", "', paraphrase)
        pieces = [
            ('{"', word("xml"), 1),
            ('": "', Escaped(task), 9),
            ('", "', word("xml_rules"), 2),
        ]
        pieces += [('": ["', body, 3), ('"]}', Fixed(""), 4)]
    else:
        body = _body(parts, " ", paraphrase)
        before = [("", body, 3), ("\n\n", task, 9)]
        labelled = [("", body, 3), ("\n\n", word("label"), 1), (":\n", task, 9)]
        after = [("", task, 9), ("\n\n", body, 3)]
        pieces = {"before": before, "labelled": labelled, "after": after}[form]
    return Parts(pieces)


def own_wrapper(task: Phrase, key: int) -> Phrase:
    """Return a task in wording that belongs to one account of the campaign with this key.

    Every run of eight words with no word of the task in it holds two adjacent words that no other
    of the campaign's accounts is given, if their rows in the table of accounts lie close enough
    together (`coded`).
    """
    lead, steps, end = (_own(key, name) for name in ("own_lead", "own_steps", "own_end"))
    shapes: list[Phrase] = [
        Parts([("", lead, 1), ("\n\n", task, 9), ("\n\n", steps, 2), ("; ", end, 3)]),
        Parts([("", task, 9), ("\n\n", steps, 2), ("; ", end, 3)]),
        Parts([("", steps, 2), (", ", end, 3), ("\n---\n", task, 9)]),
        Parts([("", lead, 1), ("\n", task, 9), ("\n", end, 3)]),
        # Some say next to nothing beside the task.
        Parts([("", task, 9), ("\n", steps, 2)]),
        Parts([("", lead, 1), (": ", task, 9)]),
    ]
    return Habit(shapes, key_of("shape", key), "account")


def _own(key: int, name: str) -> Phrase:
    choices: list[Phrase] = []
    for text in english().words(name):
        before, after = text.split("{code}")
        first, second = coded(key, *_vocabulary())
        choices.append(Parts([(before, first, 0), (" ", second, 0), (after, None, 0)]))
    return Habit(choices, key_of(name, key), "account")


@cache
def _vocabulary() -> tuple[list[str], list[str]]:
    """Return adjectives and nouns that stand in none of the clauses themselves."""
    used = {
        word.strip(",;:")
        for name in ("own_lead", "own_steps", "own_end")
        for text in english().words(name)
        for word in text.split()
    }
    first, second = (
        [w for w in english().words(name) if w not in used and " " not in w]
        for name in ("adjective", "noun")
    )
    nouns = set(second)
    return [w for w in first if w not in nouns], second
