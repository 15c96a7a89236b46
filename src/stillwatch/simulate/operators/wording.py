"""How the items of a queue are worded: templates around them, and how far these vary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from stillwatch.simulate.operators.work import Stage as WorkStage
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.harvest import (
    Paraphrase,
    Template,
    cleaning,
    elicitation_sweep,
    fixed_prompt,
    templates,
)

LEVELS: Final[tuple[Paraphrase, ...]] = get_args(Paraphrase)
"""From the loudest to the most careful."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The templates of a campaign."""

    templates: int = 8
    """How many there are, over all capabilities; those with the largest shares get one first."""
    paraphrase: Paraphrase = "medium"
    """How far two requests made from one template differ in what is not the item: `none`, `light`,
    `medium`, `strong`, or `per_account`, where no two accounts share eight words in a row (there is
    one such template for each capability, whatever the number)."""
    elicitation: float = 0.7
    """Share of templates that ask for the reasoning itself."""
    thinking_language: float = 0.0
    """Share of templates that ask for reasoning in a language of the campaign's choice."""
    tasks: Literal["campaign", "owner"] = "campaign"
    """Whose tasks a mimic sets: the campaign's own, in English; or such as the owner of each account
    sets, in the owner's language, with the demand cut to a few words where the owner writes few."""
    fixed: Literal["user", "system"] | None = None
    """Where one unchanging prompt is injected in every request, instead of templates."""


@dataclass(frozen=True, slots=True)
class Line:
    """One template at work: its share of the whole harvest and when its stage begins."""

    template: Template
    share: float
    begins: int
    """In microseconds of world time."""
    queue: str
    """Which work queue it draws from; templates of one stage and capability share one."""


def lines(stage: Stage, name: str, wording: Wording, stages: list[WorkStage]) -> list[Line]:
    """Return the templates of a campaign; their shares add up to 1."""
    found = []
    main = {s.name: s.share for s in stages if s.name != "cleaning" and not s.after}
    made: tuple[Template, ...]
    if wording.fixed:
        made = (fixed_prompt(stage.key(name, "fixed"), main, stage.texts, wording.fixed),)
    else:
        made = _made(stage, name, wording, main)
    whole = sum(template.share for template in made)
    for template in made:
        share = template.share / whole * sum(main.values())
        found.append(Line(template, share, 0, template.capability))
    for late in (s for s in stages if s.after):
        begins, few = int(late.after * stage.end), max(1, round(wording.templates * late.share))
        if late.name == "cleaning":
            key = stage.key(name, "cleaning")
            made = cleaning(key, few, wording.paraphrase, stage.texts)
        else:
            made = _made(stage, f"{name}/late", wording, {late.name: 1.0}, few)
        found += [
            Line(template, late.share * template.share, begins, f"{late.name} stage")
            for template in made
        ]
    return found


def sweep(stage: Stage, name: str) -> Template:
    """Return the search for the best elicitation: a few tasks, worded anew each time."""
    return elicitation_sweep(stage.key(name, "sweep"), stage.texts)


def _made(
    stage: Stage, name: str, wording: Wording, mix: dict[str, float], count: int | None = None
) -> tuple[Template, ...]:
    return templates(
        stage.key(name, "templates"),
        wording.templates if count is None else count,
        wording.paraphrase,
        mix,
        stage.texts,
        elicitation=wording.elicitation,
        coerced_language=wording.thinking_language,
    )
