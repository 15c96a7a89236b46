"""run.py: sentences where it cannot run, and a set-up that is pinned, quick and never half done."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

SINCE_PYTHON_3 = (
    *(ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.YieldFrom, ast.Nonlocal),
    *(ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await, ast.MatMult, ast.TryStar),
)


def newer_than_python_2(tree: ast.AST) -> list[str]:
    """Return the syntax in a tree that Python 2.7 cannot parse."""
    found = []
    for node in ast.walk(tree):
        newer = isinstance(node, SINCE_PYTHON_3)
        if isinstance(node, ast.arguments):
            newer = bool(node.kwonlyargs or node.posonlyargs)
        if isinstance(node, ast.arg):
            newer = node.annotation is not None
        if isinstance(node, ast.FunctionDef):
            newer = node.returns is not None
        if isinstance(node, ast.Raise):
            newer = node.cause is not None
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            newer = any(isinstance(item, ast.Starred) for item in node.elts)
        if isinstance(node, ast.Dict):
            newer = None in node.keys
        if isinstance(node, ast.Call):
            stars = sum(isinstance(item, ast.Starred) for item in node.args)
            newer = stars > 1 or (isinstance(node.func, ast.Name) and node.func.id == "print")
        if newer:
            found.append(f"line {getattr(node, 'lineno', '?')}: {type(node).__name__}")
    return found


def test_an_old_python_can_parse_it(root: Path) -> None:
    source = (root / "run.py").read_text()
    assert source.isascii()
    assert newer_than_python_2(ast.parse(source)) == []


@pytest.mark.parametrize(
    "newer", ["f'{x}'", "x: int = 1", "def f() -> int: ...", "[*a, *b]", "f(*a, *b)", "print(1)"]
)
def test_newer_syntax_is_seen(newer: str) -> None:
    assert newer_than_python_2(ast.parse(newer))


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13), (3, 15, 0)])
def test_an_unsupported_python_gets_one_sentence(
    run_py: ModuleType, version: tuple[int, ...]
) -> None:
    alone = run_py.unsupported(version, find=lambda command: False)
    other = run_py.unsupported(version, find=lambda command: command == "python3.12")
    this = ".".join(map(str, version[:2]))
    assert alone == (
        f"Stillwatch needs Python 3.11 to 3.14 and this is Python {this}; "
        "install one of those and run this with it."
    )
    assert other == (
        f"Stillwatch needs Python 3.11 to 3.14 and this is Python {this}; "
        "run this with python3.12 instead."
    )


@pytest.mark.parametrize("minor", [11, 12, 13, 14])
def test_a_supported_python_gets_none(run_py: ModuleType, minor: int) -> None:
    assert run_py.unsupported((3, minor, 0), find=lambda command: False) is None


@pytest.mark.parametrize("absent", ["venv", "ensurepip"])
def test_an_absent_venv_module_gets_one_sentence(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, absent: str
) -> None:
    assert run_py.without_venv((3, 11, 2)) is None
    monkeypatch.setitem(sys.modules, absent, None)
    assert run_py.without_venv((3, 11, 2)) == (
        "Python's venv module is not installed: on Debian or Ubuntu install the package "
        "python3.11-venv, then run this again."
    )


def test_an_unknown_task_is_a_usage_error(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "run.py", "dance"], cwd=root, check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "dance" in done.stderr
    assert "Traceback" not in done.stderr


class Machine:
    """A checkout in a folder of its own and a stand-in for the programs that set-up starts."""

    def __init__(self, run_py: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.run_py = run_py
        self.folder = folder
        self.started: list[list[str]] = []
        self.before_each: Callable[[list[str]], int] = lambda command: 0
        (folder / "requirements").mkdir()
        for name in ("runtime", "build", "dev", "bench"):
            self.write(f"requirements/{name}.txt", name)
        self.write("pyproject.toml", "")
        bin_folder = folder / ".venv" / "bin"
        for name, value in {
            "ROOT": folder,
            "VENV": folder / ".venv",
            "VENV_BIN": bin_folder,
            "VENV_PYTHON": bin_folder / "python",
            "STAMP": folder / ".venv" / "set-up.json",
        }.items():
            monkeypatch.setattr(run_py, name, str(value))
        monkeypatch.setattr(run_py, "subprocess", SimpleNamespace(call=self.call))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def call(self, command: list[str], **_: object) -> int:
        self.started.append(command)
        if status := self.before_each(command):
            return status
        if command[1:3] == ["-m", "venv"]:
            (self.folder / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
            (self.folder / ".venv" / "bin" / "python").touch()
            (self.folder / ".venv" / "set-up.json").unlink(missing_ok=True)
        return 0

    def set_up(self, level: str) -> list[str]:
        """Set a level up and return, one word each, what was started for it."""
        self.started.clear()
        self.run_py.set_up(level)
        return [self.what(command) for command in self.started]

    @staticmethod
    def what(command: list[str]) -> str:
        if "venv" in command:
            return "venv"
        if "--editable" in command:
            return "itself"
        return "+".join(Path(part).stem for part in command if part.startswith("-rrequirements"))


@pytest.fixture
def machine(run_py: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(run_py, tmp_path, monkeypatch)


def test_the_second_set_up_starts_nothing(machine: Machine) -> None:
    assert machine.set_up("runtime") == ["venv", "runtime+build", "itself"]
    assert machine.set_up("runtime") == []


def test_only_hashed_wheels_are_installed(machine: Machine) -> None:
    machine.set_up("dev")
    _, packages, itself = machine.started
    assert "--require-hashes" in packages
    assert packages[packages.index("--only-binary") + 1] == ":all:"
    assert {"--no-index", "--no-deps", "--no-build-isolation"} <= set(itself)


def test_a_level_goes_on_top_of_the_one_below(machine: Machine) -> None:
    machine.set_up("runtime")
    assert machine.set_up("dev") == ["dev", "itself"]
    assert machine.set_up("runtime") == []


def test_a_moved_pin_makes_a_new_environment(machine: Machine) -> None:
    machine.set_up("dev")
    machine.write("requirements/dev.txt", "moved")
    assert machine.set_up("runtime") == []
    assert machine.set_up("dev") == ["venv", "runtime+build+dev", "itself"]


def test_a_changed_project_is_installed_again(machine: Machine) -> None:
    machine.set_up("dev")
    machine.write("pyproject.toml", "changed")
    assert machine.set_up("runtime") == ["itself"]
    assert machine.set_up("dev") == []


def test_another_python_makes_a_new_environment(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.set_up("runtime")
    another = SimpleNamespace(version_info=(3, 14, 9), executable="python", stderr=sys.stderr)
    monkeypatch.setattr(machine.run_py, "sys", another)
    assert machine.set_up("runtime") == ["venv", "runtime+build", "itself"]


def test_an_environment_without_its_python_is_made_anew(machine: Machine) -> None:
    machine.set_up("runtime")
    (machine.folder / ".venv" / "bin" / "python").unlink()
    assert machine.set_up("runtime") == ["venv", "runtime+build", "itself"]


@pytest.mark.parametrize("step", ["venv", "runtime+build", "itself"])
def test_an_interrupted_set_up_starts_anew(machine: Machine, step: str) -> None:
    def interrupt(command: list[str]) -> int:
        if machine.what(command) == step:
            raise KeyboardInterrupt
        return 0

    machine.before_each = interrupt
    with pytest.raises(KeyboardInterrupt):
        machine.set_up("runtime")
    machine.before_each = lambda command: 0
    assert machine.set_up("runtime") == ["venv", "runtime+build", "itself"]


def test_an_interrupted_addition_starts_anew(machine: Machine) -> None:
    machine.set_up("runtime")
    machine.before_each = lambda command: int(machine.what(command) == "dev")
    with pytest.raises(SystemExit):
        machine.set_up("dev")
    machine.before_each = lambda command: 0
    assert machine.set_up("dev") == ["venv", "runtime+build+dev", "itself"]


@pytest.mark.parametrize("stamp", ["", "{", "[]", json.dumps({"python": "3.11"})])
def test_a_spoiled_stamp_counts_as_none(machine: Machine, stamp: str) -> None:
    machine.set_up("runtime")
    (machine.folder / ".venv" / "set-up.json").write_text(stamp)
    assert machine.set_up("runtime") == ["venv", "runtime+build", "itself"]


def test_a_failed_step_stops_with_a_sentence(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.before_each = lambda command: int(machine.what(command) == "runtime+build")
    with pytest.raises(SystemExit) as stopped:
        machine.set_up("runtime")
    assert stopped.value.code == 2
    assert "pip could not install" in capsys.readouterr().err
