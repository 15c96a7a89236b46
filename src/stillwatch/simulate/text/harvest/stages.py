"""The other stages of a campaign: cleaning traces, probing for wordings, one injected prompt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from stillwatch.simulate.streams import key_of
from stillwatch.simulate.streams import mix as mixed
from stillwatch.simulate.text.grammar import Fixed, Mixture, OneOf, Parts, Phrase
from stillwatch.simulate.text.harvest.template import Paraphrase, Template
from stillwatch.simulate.text.harvest.wording import asked, wrapped
from stillwatch.simulate.text.languages import english
from stillwatch.simulate.text.texts import Texts


def cleaning(key: int, count: int, paraphrase: Paraphrase, texts: Texts) -> tuple[Template, ...]:
    """Return templates that have traces of reasoning tidied up for training.

    The traces stand in the prompt, signed as an assistant's, and were never issued by the service.
    """
    made = []
    for number in range(1 if paraphrase == "per_account" else max(1, count)):
        own = key if paraphrase == "per_account" else key_of("cleaning", key, number)
        names = ("clean", "clean_output", *(("length",) if number % 3 == 2 else ()))
        made.append(
            Template(
                capability="writing",
                stage="cleaning",
                phrase=wrapped(names, texts.traces(), own, paraphrase),
                follow_up=asked(("clean_output",), own, paraphrase),
                share=1.0 / max(1, count if paraphrase != "per_account" else 1),
                answer_tokens=640.0,
            )
        )
    return tuple(made)


def elicitation_sweep(
    key: int, texts: Texts, *, probes: int = 4, capability: str = "reasoning_mathematics"
) -> Template:
    """Return a search for wordings that make the model set out its reasoning.

    A few probe tasks are asked again and again, each time worded anew: the wordings number far
    beyond 12,000.
    """
    seeds = mixed(np.arange(max(1, probes), dtype=np.uint64), key_of("probes", key))
    tasks = OneOf(texts.items(capability).render(seeds).to_pylist())
    ways = [
        ("think", "tags", "length", "refuse"),
        ("retro", "self", "tags"),
        ("think_language", "think", "refuse"),
        ("exemplary", "think", "check", "retro"),
        ("tags", "think_language", "length"),
    ]
    phrase = Mixture(
        [
            (1.0, wrapped(way, tasks, key_of("sweep", key, k), "strong"))
            for k, way in enumerate(ways)
        ]
    )
    return Template(
        capability=capability,
        stage="sweep",
        phrase=phrase,
        follow_up=asked(("retro", "tags"), key, "strong"),
        share=1.0,
        answer_tokens=380.0,
    )


def fixed_prompt(
    key: int, mix: Mapping[str, float], texts: Texts, place: Literal["user", "system"] = "user"
) -> Template:
    """Return the one template of a campaign that injects the very same words in every request.

    They stand before the task in the user's message, or are the system prompt.
    """
    names = ("exemplary", "think", "tags", "refuse", "length", "self")
    seed = mixed(np.zeros(1, np.uint64), key_of("fixed", key))
    words = " ".join(english()[name].render(seed)[0].as_py() for name in names)
    tasks = Mixture([(share, texts.items(name)) for name, share in mix.items() if share > 0])
    injected: Phrase = tasks
    if place == "user":
        injected = Parts([("", Fixed(words), 0), ("\n\n", tasks, 9)])
    return Template(
        capability=max(mix, key=lambda name: mix[name]),
        stage="harvest",
        phrase=injected,
        follow_up=asked(("check",), key, "none"),
        share=1.0,
        answer_tokens=520.0,
        system_prompt=words if place == "system" else None,
    )
