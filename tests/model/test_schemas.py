"""The tables of the contract: their names are final, and what must be there may not be null."""

from __future__ import annotations

import pyarrow as pa
import pytest

from stillwatch.model.tables_between import FINGERPRINTS, KERNEL_COLUMNS, MINHASH_BINS, PHRASES_KEPT
from stillwatch.model.tables_in import (
    ACCOUNT_EVENTS,
    ACCOUNTS,
    EXCHANGES,
    RAW_TEXT,
    TRUTH,
    TRUTH_EXCHANGES,
)
from stillwatch.model.tables_out import EVIDENCE, GROUPS, MEMBERS, RESULT_TABLES
from stillwatch.model.vocabulary import CAPABILITIES, EVIDENCE_FAMILIES, FEATURES, GROUP_KINDS


@pytest.mark.parametrize(
    ("schema", "required"),
    [
        (EXCHANGES, ["exchange_id", "occurred_at", "account_id", "source", "model", "status"]),
        (ACCOUNTS, ["account_id"]),
        (ACCOUNT_EVENTS, ["account_id", "occurred_at", "field"]),
        (TRUTH, ["account_id", "population"]),
        (TRUTH_EXCHANGES, ["exchange_id", "campaign_id"]),
    ],
)
def test_required_columns_are_those_that_may_not_be_null(
    schema: pa.Schema, required: list[str]
) -> None:
    assert [field.name for field in schema if not field.nullable] == required


@pytest.mark.parametrize("schema", [EXCHANGES, ACCOUNTS, FINGERPRINTS, *RESULT_TABLES.values()])
def test_no_name_stands_twice(schema: pa.Schema) -> None:
    assert len(set(schema.names)) == len(schema.names)


@pytest.mark.parametrize("schema", [EXCHANGES, FINGERPRINTS, *RESULT_TABLES.values()])
def test_times_are_microseconds_in_utc_and_hashes_are_signed(schema: pa.Schema) -> None:
    for field in schema:
        if pa.types.is_timestamp(field.type):
            assert field.type == pa.timestamp("us", tz="UTC"), field.name
        assert not pa.types.is_unsigned_integer(field.type), field.name
        if field.name.endswith("_hash") and field.name != "email_hash":
            assert field.type == pa.int64(), field.name


def test_fingerprints_hold_no_text_and_everything_else() -> None:
    assert not set(RAW_TEXT) & set(FINGERPRINTS.names)
    assert set(FINGERPRINTS.names) == (set(EXCHANGES.names) - set(RAW_TEXT)) | set(
        KERNEL_COLUMNS.names
    )
    for field in FINGERPRINTS:
        if field.name in EXCHANGES.names:
            assert field == EXCHANGES.field(field.name)


def test_the_kernel_keeps_at_most_120_bytes_a_row() -> None:
    sizes = {"phrases": 8 * PHRASES_KEPT, "minhash": MINHASH_BINS}
    assert (
        sum(sizes.get(field.name, 0) or field.type.bit_width // 8 for field in KERNEL_COLUMNS)
        <= 120
    )


def test_packed_columns_have_room_for_the_vocabulary() -> None:
    assert len(CAPABILITIES) <= 8, "one byte a capability in an int64"
    assert len(FEATURES) <= 31, "one bit a feature in an int32"


def test_the_words_of_the_design_page_are_all_there() -> None:
    assert set(EVIDENCE_FAMILIES) == {
        "content", "identity", "client", "network", "timing", "lineage"
    }  # fmt: skip
    assert set(GROUP_KINDS) == {
        "campaign", "resale_pool", "organisation", "class", "shared_workload", "unexplained"
    }  # fmt: skip
    assert GROUPS.names[:3] == ["group_id", "kind", "accounts"]
    for score in ("coordination", "extraction", "concealment"):
        assert f"{score}_log_odds" in GROUPS.names
    assert {"group_id", "account_id", "probability", "log_odds"} <= set(MEMBERS.names)
    assert {"term", "log_odds", "statement", "innocent_explanation"} <= set(EVIDENCE.names)
    assert set(RESULT_TABLES) == {
        "groups", "members", "evidence", "links", "traits", "attributed", "capabilities",
        "readiness", "rejected",
    }  # fmt: skip
