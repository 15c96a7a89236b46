"""The page on log formats says what the readers do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from stillwatch.ingest import addresses
from stillwatch.ingest.formats.envelope import PROVIDERS
from stillwatch.ingest.mapping import read_mapping
from stillwatch.ingest.options import ACCOUNT_WORDS, CHOICES, DEFAULT_HEADERS
from tests.ingest.reading import read_all


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs" / "reference" / "log-formats.md").read_text()


def fenced(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_envelope_on_the_page_is_read(page: str, written: Callable[[str, bytes], Path]) -> None:
    (example,) = fenced(page, "json")
    found = read_all(written("log.jsonl", json.dumps(json.loads(example)).encode()))
    assert found.rejected == []
    (row,) = found.rows
    assert (row["account_id"], row["prompt"], row["output_tokens"]) == (
        "acct-17",
        "Name a river.",
        4,
    )
    assert read_all(written("log.json", example.encode())).rows == found.rows


def test_the_mappings_on_the_pages_make_sense(root: Path, tmp_path: Path) -> None:
    for name in ("reference/log-formats.md", "how-to/point-it-at-your-logs.md"):
        (example,) = fenced((root / "docs" / name).read_text(), "toml")
        (tmp_path / "mapping.toml").write_text(example)
        assert read_mapping(tmp_path / "mapping.toml").columns


def test_every_word_a_user_can_choose_is_on_the_page(page: str) -> None:
    sources = (addresses.PEER, addresses.FORWARDED, addresses.REPORTED, addresses.UNTRUSTED)
    main_headers = [names[0] for _, names in DEFAULT_HEADERS]
    for word in (*CHOICES, *ACCOUNT_WORDS, *PROVIDERS, *sources, *main_headers):
        assert f"`{word}`" in page, word
