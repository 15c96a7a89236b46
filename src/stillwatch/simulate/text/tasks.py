"""Tasks under the names that older wrappers know."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.text.languages import english

MATHEMATICS: Final = english()["reasoning_mathematics"]
PROGRAMMING: Final = english()["software_engineering"]
ERRANDS: Final = english()["agentic_tool_use"]
GRADING_ITEM: Final = english()["grading"]
