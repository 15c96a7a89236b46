"""What the pages and the Makefile call is there, under the names that they use."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from stillwatch.cli.main import app

BLOCK = re.compile(r"^```(?P<language>[a-z]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
RUN_PY = re.compile(r"python3 run\.py ([a-z]+)")
STILLWATCH = re.compile(r"(?:^|[/ ])stillwatch ([a-z][a-z-]*)([^#|;\n]*)", re.MULTILINE)


def pages(root: Path) -> list[Path]:
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def code(page: Path) -> list[str]:
    """Return what a page shows as commands: its shell blocks and its code spans."""
    text = page.read_text()
    blocks = [block for block in BLOCK.finditer(text) if block["language"] in {"sh", "console"}]
    return [block["body"] for block in blocks] + SPAN.findall(BLOCK.sub("", text))


@pytest.fixture(scope="module")
def commands() -> dict[str, Any]:
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # a group


def options(command: Any) -> dict[str, str]:
    """Return each option of a command with its help."""
    return {
        name: parameter.help or ""
        for parameter in command.params
        if parameter.param_type_name == "option"
        for name in [*parameter.opts, *parameter.secondary_opts]
    }


def test_every_run_py_task_on_a_page_exists(root: Path, run_py: ModuleType) -> None:
    tasks = {task.__name__ for task in run_py.TASKS}
    for page in [*pages(root), root / "Makefile", root / ".ci" / "run"]:
        assert set(RUN_PY.findall(page.read_text())) - tasks == set(), page.name


def test_the_readme_shows_the_demo_and_the_tests_first(root: Path) -> None:
    first, second, *_ = code(root / "README.md")
    assert (first, second) == ("python3 run.py demo\n", "python3 run.py test\n")


def test_make_has_each_task_of_run_py(root: Path, run_py: ModuleType) -> None:
    makefile = (root / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    tasks = {task.__name__ for task in run_py.TASKS}
    assert set(phony.split()) == tasks - {"setup"} | {".venv"}


def test_every_command_explains_itself(commands: dict[str, Any]) -> None:
    assert {"scan", "ingest", "readiness", "simulate", "evaluate"} <= set(commands)
    for name, command in commands.items():
        assert command.help, f"{name} has no help"
        silent = [option for option, text in options(command).items() if not text]
        assert silent == [], f"{name} leaves options unexplained"


def test_every_command_on_a_page_exists(root: Path, commands: dict[str, Any]) -> None:
    called = set()
    for page in pages(root):
        for text in code(page):
            for name, rest in STILLWATCH.findall(text):
                assert name in commands, f"{page.name}: stillwatch {name}"
                used = set(re.findall(r"--[a-z-]+", rest)) - {"--help"}
                unknown = used - set(options(commands[name]))
                assert unknown == set(), f"{page.name}: stillwatch {name}"
                called.add(name)
    assert {"scan", "readiness", "simulate", "evaluate"} <= called
