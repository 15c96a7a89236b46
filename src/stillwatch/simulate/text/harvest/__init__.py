"""What campaigns put around the tasks that they harvest, grade, clean and probe with.

The tasks come from the same `Texts` as everybody's, so that only the wrapper tells them apart.
"""

from __future__ import annotations

from stillwatch.simulate.text.harvest.owners import asked_as_owner
from stillwatch.simulate.text.harvest.stages import cleaning, elicitation_sweep, fixed_prompt
from stillwatch.simulate.text.harvest.template import HarvestStage, Paraphrase, Template
from stillwatch.simulate.text.harvest.templates import templates

__all__ = [
    "HarvestStage",
    "Paraphrase",
    "Template",
    "asked_as_owner",
    "cleaning",
    "elicitation_sweep",
    "fixed_prompt",
    "templates",
]
