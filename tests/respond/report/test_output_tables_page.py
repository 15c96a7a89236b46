"""The reference page of the output tables is as complete and exact as the schemas are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stillwatch.model.tables_out import RESULT_TABLES
from stillwatch.model.tables_picture import PICTURE_TABLES, PICTURED_ACCOUNTS, PICTURED_TIES
from stillwatch.model.vocabulary import (
    CAMPAIGN_Q_VALUE,
    EVIDENCE_FAMILIES,
    GROUP_KINDS,
    NAMED_PROBABILITY,
)

ROW = re.compile(
    r"^\| `(?P<column>\w+)` \| (?P<type>[^|]+) \| (?P<meaning>[^|]+) \|$", re.MULTILINE
)
TABLES = {**RESULT_TABLES, **PICTURE_TABLES}


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "reference" / "output-tables.md").read_text(encoding="utf-8")


def section(page: str, name: str) -> str:
    found = re.search(rf"^## {name}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"no section on {name}"
    return found[1]


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described_with_its_type(page: str, table: str) -> None:
    described = [(row["column"], row["type"]) for row in ROW.finditer(section(page, table))]
    assert described == [(field.name, str(field.type)) for field in TABLES[table]]
    assert f"`{table}.parquet`" in page


def test_words_and_numbers_are_those_of_the_code(page: str) -> None:
    groups = section(page, "groups")
    assert all(f"`{kind}`" in groups for kind in GROUP_KINDS)
    assert all(f"`{family}`" in section(page, "evidence") for family in EVIDENCE_FAMILIES)
    assert f"`q_value` is {CAMPAIGN_Q_VALUE:g} or less" in page
    assert f"`probability` of {NAMED_PROBABILITY:g} or more" in page
    assert f"At most {PICTURED_TIES} ties" in section(page, "ties")
    assert f"{PICTURED_ACCOUNTS} strongest" in section(page, "ties")
