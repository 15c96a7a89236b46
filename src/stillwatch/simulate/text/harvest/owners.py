"""A template on an account whose owner asks in a way of its own: the owner's tasks and language."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.streams import key_of
from stillwatch.simulate.text.grammar import Fixed, Mixture, Parts, Phrase, Reworded, Typed, Voiced
from stillwatch.simulate.text.harvest.template import Template
from stillwatch.simulate.text.harvest.wording import wrapped
from stillwatch.simulate.text.languages import chat, english

_BARE: Final = 2.0
"""Weight of a request that holds nothing but the task, where demands are cut to a few words
(guessed): whoever must not be noticed does not ask for the reasoning every time."""


def asked_as_owner(template: Template, task: Phrase, language: str, *, terse: bool) -> Phrase:
    """Return what a template makes of a task that an account's owner could have set.

    Where the owner writes little, or in another language than the campaign's English, the demand is
    cut to a few words in that language; otherwise the template stands around the task as ever.
    """
    if language == "en" and not terse:
        return wrapped(template.clauses, task, template.key, template.paraphrase)
    few = english()[f"brief_{language}"]
    if template.paraphrase == "per_account":
        demand: Phrase = Voiced(few, key_of("brief", template.key) >> 2, "account")
    else:
        demand = Reworded(few)
    demand = Typed(demand)
    stop = Fixed(". ") if language == "en" else chat(language)["stop"]
    return Mixture(
        [
            (2, Parts([("", task, 9), ("", stop, 2), ("", demand, 3)])),
            (1, Parts([("", demand, 3), (": ", task, 9)])),
            (2, Parts([("", task, 9), ("\n", demand, 3)])),
            (_BARE, Parts([("", task, 9)])),
        ]
    )
