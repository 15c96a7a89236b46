"""JSON as Stillwatch prints it: ASCII only, so that no value from a log can drive a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def json_page(value: Mapping[str, Any]) -> str:
    """Return an object over several lines, with a line end."""
    return _ascii(json.dumps(value, indent=2, allow_nan=False)) + "\n"


def json_line(value: Mapping[str, Any]) -> str:
    """Return an object as one line, with a line end."""
    return _ascii(json.dumps(value, separators=(",", ":"), allow_nan=False)) + "\n"


def _ascii(text: str) -> str:
    """Escape the one control character, delete, that JSON and `json` leave as it is."""
    return text.replace("\x7f", "\\u007f")
