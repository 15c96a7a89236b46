"""Inputs with next to nothing in them: a scan ends, finds nothing, and says what it could not see."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.errors import InputError
from tests.worlds.rows import accounts, at, exchanges, strangers, write_logs
from tests.worlds.scans import WRITTEN, Scan, run_scan

ALIKE = {
    "prompt": "Explain step by step how the bridge over the river Orr was built, please.",
    "user_agent": "sdk/1",
    "client_address": "198.51.100.7",
}
CASES = {
    "one exchange": exchanges([{"prompt": "Hello there."}]),
    "one bare exchange": exchanges([{}]),
    "one account": exchanges([{"prompt": f"Question {i} of many."} for i in range(40)]),
    "two accounts": strangers(2),
    "all prompts null": exchanges([{"account_id": f"a{i % 30}"} for i in range(300)]),
    "all prompts empty": exchanges(
        [{"account_id": f"a{i % 30}", "prompt": ""} for i in range(300)]
    ),
    "all identical": exchanges(
        [{"account_id": f"a{i % 30}", "occurred_at": at(0), **ALIKE} for i in range(300)]
    ),
    "every account the same once": exchanges([{"account_id": f"a{i}", **ALIKE} for i in range(60)]),
    "all failed": exchanges(
        [{"account_id": f"a{i % 30}", "status": 500, **ALIKE} for i in range(300)]
    ),
    "strangers": strangers(40),
}


@pytest.fixture(params=CASES, scope="module")
def tiny(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scan:
    folder = tmp_path_factory.mktemp("tiny")
    table = CASES[str(request.param)]
    names = sorted(set(table["account_id"].to_pylist()))
    claims = accounts({"account_id": name} for name in names)
    return run_scan(write_logs(folder / "logs", table, claims), folder / "out")


def test_it_ends_without_a_campaign(tiny: Scan) -> None:
    assert tiny.report.campaigns == 0
    assert tiny.report.rejected == 0
    assert (tiny.folder / "report.html").stat().st_size > 1_000
    for name, schema in WRITTEN.items():
        assert tiny.table(name).schema.equals(schema)


def test_every_exchange_was_read(tiny: Scan) -> None:
    assert tiny.report.exchanges in {1, 4, 40, 60, 80, 300}
    assert tiny.rows("attributed") == []


def test_nothing_at_all_is_an_input_error(tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs", exchanges([]))
    with pytest.raises(InputError, match="no exchange"):
        run_scan(logs, tmp_path / "out")
