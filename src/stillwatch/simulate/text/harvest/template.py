"""One way of asking in a campaign, and how closely two of its requests are worded alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stillwatch.simulate.text.grammar import Phrase

Paraphrase = Literal["none", "light", "medium", "strong", "per_account"]
"""How a template's wording varies around the task.

`none`: never. `light`: three wordings of each sentence. `medium`: six, in any order, some left out.
`strong`: every request is worded anew, also one task that two programs ask (`Reworded`).
`per_account`: every account has wordings of its own and shares no eight words with another's.
"""

HarvestStage = Literal["harvest", "grading", "cleaning", "sweep"]
"""What a request is for: answers to learn from, scores, tidied traces, or a search for wordings."""


@dataclass(frozen=True, slots=True)
class Template:
    """One way of asking, with how it is usually used.

    The phrase takes the task from the seed alone, so a repeated seed is a repeated task; speakers
    and accounts decide wording as `Paraphrase` says.
    """

    capability: str
    stage: HarvestStage
    phrase: Phrase
    follow_up: Phrase
    """What later turns say: tool results in a loop, else questions about the answer."""
    share: float
    """Its share of the campaign's requests; shares of one campaign's templates add up to 1."""
    turns: float = 0.0
    """Median turns after the first."""
    loop: bool = False
    """Whether later turns carry tool results."""
    answer_tokens: float = 420.0
    system_prompt: str | None = None
    """A prompt injected as the system prompt of every request, if it is put there."""
    clauses: tuple[str, ...] = ()
    """What stands around the task, by name, with the key of its wordings and how they vary."""
    key: int = 0
    paraphrase: Paraphrase = "none"
