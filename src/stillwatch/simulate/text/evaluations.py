"""What evaluations send: public benchmarks in their harness's form, and graders' rubrics."""

from __future__ import annotations

from functools import cache
from typing import Final

from stillwatch.simulate.streams import key_of
from stillwatch.simulate.text.grammar import Phrase
from stillwatch.simulate.text.workloads import frozen

FORMS: Final = ("solve", "pick", "code")
"""What a public benchmark asks for."""

_ITEMS: Final = {"solve": "reasoning_mathematics", "pick": "sentence", "code": "code_ask"}


@cache
def benchmark(form: str, *names: str | int) -> Phrase:
    """Return the prompt of one public benchmark, fixed but for the item in it.

    Strangers who run the benchmark of these names get the same one. Raises KeyError for a form
    that is not in `FORMS`.
    """
    return frozen(f"benchmark_{form}", key_of("benchmark", *names), _ITEMS[form])


@cache
def rubric(*names: str | int) -> Phrase:
    """Return one team's own grading prompt, with a new answer to grade in it each time."""
    return frozen("rubric_prompt", key_of("rubric", *names), "grading")
