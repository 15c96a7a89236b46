"""Runs the command line in this process, as `main` does, and keeps what it printed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from stillwatch.cli.main import main
from tests.worlds.rows import strangers, write_logs

GOOD = (
    '{"exchange_id": "x%d", "occurred_at": "2026-05-04T09:00:00Z", "account_id": "a%d", '
    '"source": "s", "model": "m", "status": 200, "prompt": "hello %d"}\n'
)


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    for name in ("NO_COLOR", "FORCE_COLOR", "STILLWATCH_HASH_KEY", "STILLWATCH_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["stillwatch", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def quiet_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs in which nothing is to be found."""
    return write_logs(tmp_path_factory.mktemp("quiet") / "logs", strangers(8))


@pytest.fixture
def bad_log(tmp_path: Path) -> Path:
    """A log of nine good rows and one bad one."""
    path = tmp_path / "log.jsonl"
    path.write_text("".join(GOOD % (i, i, i) for i in range(9)) + "{broken\n")
    return path
