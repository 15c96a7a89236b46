"""Harvest in an owner's words: each account asks as the person would whose account it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from stillwatch.simulate.operators.fitting import usual_lengths
from stillwatch.simulate.operators.members import Member
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.grammar import Phrase
from stillwatch.simulate.text.harvest import Template, asked_as_owner
from stillwatch.simulate.text.languages import LANGUAGES

_ROOM: Final = 500.0
"""Characters of an owner's usual request from which on a demand of whole sentences may stand beside
it (guessed)."""


class OwnersWords:
    """What templates become on the accounts of different owners; equal ones are one phrase."""

    def __init__(self, stage: Stage) -> None:
        self._language = {id(stage.texts.everyday(name)): name for name in LANGUAGES}
        self._made: dict[tuple[int, int, bool], tuple[Template, Phrase]] = {}
        self._terse: set[int] = set()

    def listen(self, members: Sequence[Member], rng: np.random.Generator) -> None:
        """Learn which of the owners usually write little."""
        if members:
            usual = np.median(usual_lengths(members, 3, rng), axis=1)
            self._terse = {
                m.account for m, length in zip(members, usual, strict=True) if length < _ROOM
            }

    def opening(self, template: Template, task: Phrase, account: int) -> Phrase:
        """Return what a template makes of the tasks that an account's owner sets."""
        if not template.clauses:
            return template.phrase
        terse = account in self._terse
        name = id(template), id(task), terse
        if name not in self._made:
            language = self._language.get(id(task), "en")
            phrase = asked_as_owner(template, task, language, terse=terse)
            # The template is kept too, so that no other one can come by its id.
            self._made[name] = template, phrase
        return self._made[name][1]
