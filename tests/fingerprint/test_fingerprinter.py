"""Batches in, batches out: the contract, whatever the batches, threads and string types."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.errors import InputError
from stillwatch.fingerprint import Fingerprinter, fingerprint_text
from stillwatch.model.hashing import HashKey
from stillwatch.model.tables_between import FINGERPRINTS, KERNEL_COLUMNS
from stillwatch.model.tables_in import EXCHANGES
from tests.fingerprint.kernel_calls import KEY, chance_from, fingerprint_of

PROMPTS = [
    "Explain to Anna in 5 sentences how a compiler turns source code into machine code.",
    None,
    "",
    "hello",
    "?!… 🙂",
    "请一步一步地解释这个算法的时间复杂度",
    "Cafe\u0301 et the\u0301: explique étape par étape pourquoi l'eau bout à 100 degrés.",
    "مرحبا، اشرح لي خطوة بخطوة كيف يعمل المحرك الكهربائي في السيارة الحديثة",
]


GOLDEN_ENGLISH = {
    "words": 15,
    "prompt_hash": 6150212204206545811,
    "template_key": -1563707985071027751,
    "head_key": 3623266852256199149,
    "tail_key": 2969867459714591801,
    "phrases": [346855122010059627, 1700986004959274715],
    "minhash": b"gggg\x8d\x00\xf0sssg\x00\x8d\xfb\x8d\xbe\x8a\x00\x8as\xfbg\xbeG",
}
GOLDEN_FRENCH = (13, 9011929929252439681, 1122318320045735292)
GOLDEN_KEYS = [
    (-3819860890811676236, -6238817486632131290),
    (-3819860890811676236, -6238817486632131290),
    (-3819860890811676236, -3135902766539547932),
]


def batch_of(prompts: list[str | None], kind: pa.DataType | None = None) -> pa.RecordBatch:
    chance = chance_from(5)
    rows: list[dict[str, Any]] = [
        {
            "exchange_id": f"x{place}",
            "occurred_at": datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC),
            "account_id": "a",
            "source": "test",
            "model": "m",
            "status": 200,
            "prompt": prompt,
            "system_prompt": chance.choice(
                [None, "You are a helpful bot.", "Today is day 5 of 9."]
            ),
            "user_agent": chance.choice([None, "sdk/1.2", "curl/8"]),
            "prior_assistant_hashes": [1, 2],
        }
        for place, prompt in enumerate(prompts)
    ]
    batch = pa.RecordBatch.from_pylist(rows, schema=EXCHANGES)
    if kind is None:
        return batch
    for name in ("prompt", "system_prompt", "user_agent"):
        place = batch.schema.get_field_index(name)
        column = batch.column(place).cast(pa.string())
        column = column.dictionary_encode() if pa.types.is_dictionary(kind) else column.cast(kind)
        batch = batch.set_column(place, name, column)
    return batch


def test_the_schema_is_the_contract() -> None:
    out = Fingerprinter(KEY)(batch_of(PROMPTS))
    assert out.schema == FINGERPRINTS
    out.validate(full=True)
    assert out.column("prior_assistant_hashes").to_pylist() == [[1, 2]] * len(PROMPTS)


def test_rows_without_words_have_nulls_and_zeros() -> None:
    out = Fingerprinter(KEY)(batch_of(PROMPTS)).to_pylist()
    for place in (1, 2, 4):
        row = out[place]
        assert (row["words"], row["features"], row["capabilities"], row["phrases"]) == (0, 0, 0, [])
        for name in ("prompt_hash", "template_key", "head_key", "tail_key", "minhash"):
            assert row[name] is None
    assert out[3]["words"] == 1
    assert len(out[3]["minhash"]) == 24


@pytest.mark.parametrize(
    "kind",
    [pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.string_view()],
    ids=str,
)
def test_the_string_type_does_not_matter(kind: pa.DataType) -> None:
    fingerprinter = Fingerprinter(KEY)
    assert fingerprinter(batch_of(PROMPTS, kind)).equals(fingerprinter(batch_of(PROMPTS)))


def test_a_null_in_a_dictionary_is_a_null() -> None:
    indices = pa.array([0, 1, None], pa.int32())
    texts = pa.DictionaryArray.from_arrays(indices, pa.array(["hello", None]))
    assert fingerprint_text(texts, KEY).column("words").to_pylist() == [1, 0, 0]


def test_batch_boundaries_and_slices_do_not_matter() -> None:
    chance = chance_from(11)
    prompts = [chance.choice(PROMPTS) for _ in range(200)]
    fingerprinter = Fingerprinter(KEY)
    batch = batch_of(prompts)
    whole = pa.Table.from_batches([fingerprinter(batch)])
    at = 0
    parts = []
    while at < len(prompts):
        size = chance.randrange(0, 20)
        parts.append(fingerprinter(batch.slice(at, size)))
        at += size
    assert pa.Table.from_batches(parts).combine_chunks().equals(whole.combine_chunks())


def test_no_rows_are_no_rows() -> None:
    out = Fingerprinter(KEY)(batch_of([]))
    assert out.num_rows == 0
    assert out.schema == FINGERPRINTS


def test_eight_threads_agree() -> None:
    chance = chance_from(2)
    words = [w for prompt in PROMPTS if prompt for w in prompt.split()]
    prompts = [" ".join(chance.choices(words, k=chance.randrange(60))) for _ in range(1500)]
    fingerprinter = Fingerprinter(KEY)
    expected = fingerprinter(batch_of(list(prompts)))
    with ThreadPoolExecutor(8) as pool:
        for out in pool.map(fingerprinter, [batch_of(list(prompts))] * 16):
            assert out.equals(expected)


def test_columns_that_may_be_null_may_be_absent() -> None:
    batch = batch_of(PROMPTS)
    required = [field.name for field in EXCHANGES if not field.nullable]
    out = Fingerprinter(KEY)(batch.select([*required, "prompt"]))
    assert out.schema == FINGERPRINTS
    assert out.column("client_key").null_count == len(PROMPTS)
    assert out.column("words").equals(Fingerprinter(KEY)(batch).column("words"))
    with pytest.raises(InputError, match="account_id"):
        Fingerprinter(KEY)(batch.drop_columns(["account_id"]))


def test_another_key_changes_every_hash_and_nothing_else() -> None:
    batch = batch_of([PROMPTS[0]] * 20)
    rows = zip(
        Fingerprinter(KEY)(batch).to_pylist(),
        Fingerprinter(HashKey.from_text("another key"))(batch).to_pylist(),
        strict=True,
    )
    one, other = next(pair for pair in rows if pair[0]["system_key"] and pair[0]["client_key"])
    hashed = [*KERNEL_COLUMNS.names]
    for name in ("words", "features", "capabilities"):
        hashed.remove(name)
    for name in hashed:
        assert one[name] is not None
        assert one[name] != other[name]
        if name == "phrases":
            assert not set(one[name]) & set(other[name])
    for name in set(FINGERPRINTS.names) - set(hashed):
        assert one[name] == other[name]


def test_system_prompts_are_templates_and_short_ones_are_themselves() -> None:
    prompts = [
        "You help the customers of Acme Corp. Today is 5 May 2026.",
        "You help the customers of Blue Tree Ltd. Today is 6 June 2025.",
        "You are Bob.",
        "You are Kim.",
        None,
    ]
    batch = batch_of([None] * len(prompts))
    place = batch.schema.get_field_index("system_prompt")
    batch = batch.set_column(place, "system_prompt", pa.array(prompts, pa.string()))
    keys = Fingerprinter(KEY)(batch).column("system_key").to_pylist()
    assert keys[0] == keys[1]
    assert keys[2] != keys[3]
    assert keys[4] is None


def test_golden_vectors() -> None:
    """A change here makes kept fingerprints worthless: it needs a new `HASH_VERSION`."""
    row = fingerprint_of(PROMPTS[0])
    # The lists behind features and capabilities may grow; hashes may not change.
    del row["features"], row["capabilities"]
    assert row == GOLDEN_ENGLISH
    other = fingerprint_of(PROMPTS[6])
    assert (other["words"], other["prompt_hash"], other["template_key"]) == GOLDEN_FRENCH
    system = Fingerprinter(KEY)(batch_of([None] * 3)).select(["system_key", "client_key"])
    assert [tuple(row.values()) for row in system.to_pylist()] == GOLDEN_KEYS


def test_a_row_keeps_at_most_120_bytes(tmp_path: Path) -> None:
    chance = chance_from(4)
    letters = "abcdefghijklmnop"
    prompts: list[str | None] = [
        " ".join("".join(chance.choices(letters, k=6)) for _ in range(80)) for _ in range(5000)
    ]
    out = Fingerprinter(KEY)(batch_of(prompts)).select(KERNEL_COLUMNS.names)
    assert min(len(row) for row in out.column("phrases").to_pylist()) >= 3
    path = tmp_path / "kept.parquet"
    pq.write_table(pa.Table.from_batches([out]), path, compression="zstd")
    assert path.stat().st_size / len(prompts) <= 120


def test_a_megabyte_is_read() -> None:
    row = fingerprint_of("The quick brown fox, number 7, jumps. " * 27_000)
    assert row["words"] == 7 * 27_000


def test_it_works_where_no_cache_can_be_written(tmp_path: Path) -> None:
    code = (
        "import pyarrow as pa\n"
        "from stillwatch.fingerprint import fingerprint_text\n"
        "from stillwatch.model.hashing import HashKey\n"
        "row = fingerprint_text(pa.array(['one two']), HashKey.from_text('k'))\n"
        "assert row['words'].to_pylist() == [2]\n"
    )
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    environment = os.environ | {"NUMBA_CACHE_DIR": str(blocked / "below")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
