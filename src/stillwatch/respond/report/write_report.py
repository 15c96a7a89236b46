"""Writes `report.html` beside the tables that it shows."""

from __future__ import annotations

from pathlib import Path

from stillwatch.respond.report.page import build_page
from stillwatch.respond.report.read_result import read_result

REPORT_NAME = "report.html"


def write_report(result: Path) -> Path:
    """Write the report of a scan's output folder into it, and return its path.

    Raises InputError where a table is missing or unreadable. A report that was there is replaced
    whole, never left half written.
    """
    page = build_page(read_result(result))
    path = result / REPORT_NAME
    draft = result / f".{REPORT_NAME}.part"
    draft.write_text(page, encoding="utf-8", newline="\n")
    draft.replace(path)
    return path
