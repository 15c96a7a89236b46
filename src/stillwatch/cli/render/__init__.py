"""A scan's result on the terminal or for the next program: table, JSON, JSON lines, HTML."""

from __future__ import annotations

from stillwatch.cli.render.render_result import ResultFormat, render_result

__all__ = ["ResultFormat", "render_result"]
