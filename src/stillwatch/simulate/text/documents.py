"""What an agent's tools answer."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.text.languages import english

TOOL_RESULT: Final = english()["tool_result"]
