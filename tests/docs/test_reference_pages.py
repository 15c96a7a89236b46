"""The pages on commands and configuration name everything that there is, and nothing else."""

from __future__ import annotations

import re
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import typer

from stillwatch.cli.main import app
from stillwatch.detect import Parameters
from stillwatch.model.vocabulary import CAMPAIGN_Q_VALUE, NAMED_PROBABILITY
from stillwatch.settings import Settings
from stillwatch.simulate import PRESETS

READING = "Reading logs"
ROOT: Any = typer.main.get_command(app)
COMMANDS: dict[str, Any] = ROOT.commands


def chapters(root: Path, page: str) -> dict[str, str]:
    """Return the text of a reference page under each of its headings."""
    text = (root / "docs" / "reference" / page).read_text()
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> dict[str, tuple[str, ...]]:
    """Return the further cells of each table row, by the name at the start of its first cell."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        name = re.match(r"`([^` ]+)", cells[0]) if cells else None
        if name:
            found[name[1]] = tuple(cells[1:])
    return found


def options_of(command: Any) -> dict[str, Any]:
    return {
        name: option
        for option in command.params
        if option.param_type_name == "option" and "--help" not in option.opts
        for name in [*option.opts, *option.secondary_opts]
    }


def default_of(option: Any) -> str:
    if option.required:
        return "required"
    return "" if option.default is None or option.default is False else f"`{option.default}`"


def choices_of(option: Any) -> list[str]:
    kind = option.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [member.value for member in kind]
    return list(get_args(kind)) if get_origin(kind) is Literal else []


def described(root: Path, command: str) -> dict[str, tuple[str, ...]]:
    page = chapters(root, "command-line.md")
    text = page[f"`stillwatch {command}`"]
    shared = rows(page[READING]) if "(#reading-logs)" in text else {}
    own = rows(text)
    assert set(own) & set(shared) == set()
    return {**shared, **own}


def test_every_command_has_a_chapter_and_no_other(root: Path) -> None:
    titles = re.findall(r"`stillwatch (\w+)`", " ".join(chapters(root, "command-line.md")))
    assert titles == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_described_and_no_other(root: Path, command: str) -> None:
    assert set(described(root, command)) == set(options_of(COMMANDS[command]))


@pytest.mark.parametrize("command", COMMANDS)
def test_defaults_are_those_of_the_command(root: Path, command: str) -> None:
    options = options_of(COMMANDS[command])
    wanted = {name: default_of(option) for name, option in options.items()}
    assert {name: cells[0] for name, cells in described(root, command).items()} == wanted


@pytest.mark.parametrize("command", COMMANDS)
def test_every_choice_is_named(root: Path, command: str) -> None:
    shown = described(root, command)
    absent = {
        f"{name} {choice}"
        for name, option in options_of(COMMANDS[command]).items()
        for choice in choices_of(option)
        if f"`{choice}`" not in shown[name][-1]
    }
    assert absent == set()


def test_choices_are_found_where_there_are_some() -> None:
    scan = options_of(COMMANDS["scan"])
    assert choices_of(scan["--fail-on"]) == ["campaign", "group"]
    assert "html" in choices_of(scan["--format"])


def test_options_of_all_commands_together_are_named(root: Path) -> None:
    text = (root / "docs" / "reference" / "command-line.md").read_text()
    assert [o for p in ROOT.params for o in p.opts if f"`stillwatch {o}`" not in text] == []


def test_every_preset_is_named(root: Path) -> None:
    text = chapters(root, "command-line.md")["`stillwatch simulate`"]
    named = re.search(r"`PRESET` is one of (.+?)\.\s", text, re.DOTALL)
    assert named is not None
    assert set(re.findall(r"`([\w-]+)`", named[1])) == set(PRESETS)


def test_every_setting_is_described_with_its_default(root: Path) -> None:
    table = rows(chapters(root, "configuration.md")["Settings"])
    prefix = Settings.model_config["env_prefix"]
    named = {f"{prefix}{name}".upper(): f for name, f in Settings.model_fields.items()}
    assert set(table) == set(named)
    plain = {n: f"`{f.default}`" for n, f in named.items() if isinstance(f.default, (int, str))}
    assert plain != {}
    assert {name: table[name][0] for name in plain} == plain


def test_every_parameter_is_described(root: Path) -> None:
    table = rows(chapters(root, "configuration.md")["Parameters of detection"])
    assert list(table) == [field.name for field in fields(Parameters)]
    assert [name for name, cells in table.items() if not cells[0]] == []


def test_the_fixed_bars_are_those_of_the_contract(root: Path) -> None:
    text = " ".join(chapters(root, "configuration.md")["Parameters of detection"].split())
    assert f"at a q-value of {CAMPAIGN_Q_VALUE} or less" in text
    assert f"at a probability of {NAMED_PROBABILITY} or more" in text
