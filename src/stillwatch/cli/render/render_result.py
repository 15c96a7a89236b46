"""Chooses how a result is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from stillwatch.cli.render.json_text import json_line, json_page
from stillwatch.cli.render.objects import group_objects, result_object
from stillwatch.cli.render.terminal import print_result
from stillwatch.respond.report.read_result import read_result
from stillwatch.respond.report.write_report import REPORT_NAME, write_report

ResultFormat = Literal["table", "json", "jsonl", "html"]


def render_result(result: Path, format: ResultFormat, console: Console | None = None) -> None:  # noqa: A002 - the option's name
    """Show a scan's output folder on a console, by default standard output.

    `table` is for people; `json` is one object; `jsonl` one group a line, campaigns first; `html`
    prints the path of the report, which is written if it is not there. Raises InputError where the
    folder is no result.
    """
    console = console or Console()
    match format:
        case "table":
            print_result(read_result(result), console)
        case "json":
            _write(console, json_page(result_object(read_result(result))))
        case "jsonl":
            _write_lines(console, group_objects(read_result(result)))
        case "html":
            report = result / REPORT_NAME
            _write(console, f"{report if report.is_file() else write_report(result)}\n")


def _write_lines(console: Console, objects: Iterator[Mapping[str, Any]]) -> None:
    for item in objects:
        _write(console, json_line(item))


def _write(console: Console, text: str) -> None:
    """Write text as it is: Rich would wrap it and read markup in it."""
    console.file.write(text)
