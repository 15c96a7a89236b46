"""One test a class of bad input: a clear message, the right line, and every good row kept."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.errors import InputError, UsageError
from tests.ingest.reading import canonical, lines_of, litellm, read_all

Written = Callable[[str, bytes], Path]
GOOD = [canonical(number) for number in range(5)]


def with_line(bad: bytes, at: int = 2) -> bytes:
    lines = lines_of(GOOD).splitlines(keepends=True)
    return b"".join([*lines[:at], bad, *lines[at:]])


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"exchange_id": "broken\n', "not JSON"),
        (b'"text"\n', "not a JSON object"),
        (
            json.dumps(canonical(9, input_tokens=-4)).encode() + b"\n",
            "input_tokens: -4 is negative",
        ),
        (json.dumps(canonical(9, status="fine")).encode() + b"\n", "status: 'fine' is not a whole"),
        (json.dumps(canonical(9, status=70_000)).encode() + b"\n", "status: 70000 is larger"),
        (
            json.dumps(canonical(9, input_tokens=2**70)).encode() + b"\n",
            "is larger than 2147483647",
        ),
        (json.dumps(canonical(9, prompt=["a"])).encode() + b"\n", "prompt: ['a'] is not text"),
        (json.dumps(canonical(9, account_id=None)).encode() + b"\n", "account_id is missing"),
        (json.dumps(canonical(9, account_id="")).encode() + b"\n", "account_id is missing"),
        (json.dumps(canonical(9, occurred_at=12)).encode() + b"\n", "lies outside 2015–2100"),
        (
            json.dumps(canonical(9, occurred_at="1970-01-21T12:00:00")).encode() + b"\n",
            "clock in ms",
        ),
        (json.dumps(canonical(9, occurred_at="Tuesday")).encode() + b"\n", "ISO 8601"),
        (b'{"exchange_id": "x", "temperature": Infinity}\n', "not a finite number"),
        (b"[" * 3000 + b"]" * 3000 + b"\n", "nested deeper than"),
        (b'{"a":' * 900 + b"1" + b"}" * 900 + b"\n", "nested deeper than"),
        ('{"exchange_id": "caf\u00e9"}\n'.encode("latin-1"), "not UTF-8: byte 0xe9 at 21"),
        (json.dumps(canonical(9)).encode("utf-16-le") + b"\n", "UTF-16"),
        (b'{"exchange_id": "nul\x00"}\n', "not JSON"),
        (json.dumps(canonical(9, response_hash="xyz")).encode() + b"\n", "16 hex digits"),
        (
            json.dumps(canonical(9, prior_assistant_hashes=[1, None])).encode() + b"\n",
            "a null in it",
        ),
    ],
)
def test_a_bad_line_costs_only_itself(written: Written, bad: bytes, reason: str) -> None:
    found = read_all(written("log.jsonl", with_line(bad)))
    assert found.ids == [row["exchange_id"] for row in GOOD]
    (rejected,) = found.rejected
    assert reason in rejected["reason"]
    assert rejected["line"] == 3
    assert rejected["source"].endswith("log.jsonl")
    assert rejected["record"] == bad[:-1].decode("utf-8", "backslashreplace")


def test_odd_but_meaningful_values_are_kept(written: Written) -> None:
    odd = [
        b'{"exchange_id": 123456789012345678901234567890, "occurred_at": 1772323200000, '
        b'"account_id": "a", "model": "m", "status": "200", "temperature": NaN, '
        b'"prompt": "nul \\u0000 and half a pair \\ud800", "input_tokens": 3.0, "stream": 1}\r\n',
        b'{"exchange_id": "first", "exchange_id": "last", "occurred_at": "1772323200.5", '
        b'"account_id": "a", "model": "m", "status": 200}\n',
    ]
    found = read_all(written("odd.jsonl", b"\xef\xbb\xbf" + odd[0] + b"\n  \n" + odd[1]))
    assert found.rejected == []
    first, last = found.rows
    assert first["exchange_id"] == "123456789012345678901234567890"
    assert first["occurred_at"].isoformat() == "2026-03-01T00:00:00+00:00"
    assert first["temperature"] is None
    assert first["prompt"] == "nul \x00 and half a pair \ufffd"
    assert (first["status"], first["input_tokens"], first["stream"]) == (200, 3, True)
    assert last["exchange_id"] == "last"
    assert last["occurred_at"].microsecond == 500_000
    assert [line for _, line in found.places] == [1, 4]


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
@pytest.mark.parametrize("kind", [int, float, str])
def test_clocks_in_any_unit(written: Written, unit: int, kind: type) -> None:
    rows = [canonical(1, occurred_at=kind(1_772_323_200 * unit))]
    (row,) = read_all(written("log.jsonl", lines_of(rows))).rows
    assert row["occurred_at"].isoformat() == "2026-03-01T00:00:00+00:00"


def test_a_truncated_gzip_keeps_what_came_before(written: Written) -> None:
    rows = [canonical(number, prompt=f"{number * 7919}" * 9) for number in range(3000)]
    packed = gzip.compress(lines_of(rows))
    found = read_all(written("log.jsonl.gz", packed[: len(packed) // 2]))
    assert 1000 < len(found.rows) < 2000
    assert found.ids == [f"x{number}" for number in range(len(found.rows))]
    (rejected,) = found.rejected
    assert rejected["reason"] == "the file ends early (truncated gzip)"
    assert rejected["line"] == len(found.rows) + 1
    assert rejected["record"].startswith('{"exchange_id"')


def test_a_gzip_cut_in_its_trailer_keeps_every_row(written: Written) -> None:
    found = read_all(written("log.jsonl.gz", gzip.compress(lines_of(GOOD))[:-4]))
    assert len(found.rows) == 5
    assert [one["line"] for one in found.rejected] == [6]


def test_gzip_members_follow_each_other(written: Written) -> None:
    packed = gzip.compress(lines_of(GOOD[:2])) + gzip.compress(lines_of(GOOD[2:])) + b"\0" * 9
    assert len(read_all(written("log.jsonl.gz", packed)).rows) == 5


def test_a_damaged_gzip_says_so(written: Written) -> None:
    packed = bytearray(gzip.compress(lines_of([canonical(n) for n in range(2000)])))
    packed[len(packed) // 2] ^= 0xFF
    found = read_all(written("log.jsonl.gz", bytes(packed)))
    assert found.rows
    assert "gzip data is damaged" in found.rejected[-1]["reason"]


def test_a_truncated_zstd_keeps_what_came_before(written: Written) -> None:
    rows = [canonical(number, prompt=f"{number * 7919}" * 9) for number in range(9000)]
    packed = pa.Codec("zstd").compress(lines_of(rows), asbytes=True)
    found = read_all(written("log.jsonl.zst", packed[: len(packed) // 2]))
    assert 2000 < len(found.rows) < 9000
    assert found.rejected[-1]["reason"] == "the file ends early (truncated zstd)"
    assert found.rejected[-1]["line"] == len(found.rows) + 1


def test_a_huge_line_is_not_held(written: Written) -> None:
    huge = json.dumps(canonical(9, prompt="x" * 3_000_000)).encode() + b"\n"
    found = read_all(written("log.jsonl", with_line(huge)), longest_record=1 << 20)
    assert len(found.rows) == 5
    (rejected,) = found.rejected
    assert rejected["line"] == 3
    assert "bytes long, more than the 1,048,576 that are read" in rejected["reason"]
    assert rejected["record"].startswith('{"exchange_id": "x9"')
    assert len(rejected["record"]) <= 2_000


def test_a_huge_value_in_an_array_is_not_held(written: Written) -> None:
    rows = [canonical(1), canonical(2, prompt="x" * 3_000_000), canonical(3)]
    found = read_all(written("log.json", json.dumps(rows).encode()), longest_record=1 << 20)
    assert found.ids == ["x1", "x3"]
    assert "more than the 1,048,576" in found.rejected[0]["reason"]


def test_an_array_cut_short_keeps_what_came_before(written: Written) -> None:
    found = read_all(written("log.json", json.dumps(GOOD, indent=1).encode()[:-30]))
    assert len(found.rows) == 4
    (rejected,) = found.rejected
    assert rejected["reason"] == "the file ends in the middle of a record"
    assert rejected["line"] == 4 * 10 + 2


def test_empty_files_are_no_error(written: Written) -> None:
    for name, data in {
        "a.jsonl": b"",
        "b.jsonl": b"\n \r\n",
        "c.jsonl.gz": gzip.compress(b""),
    }.items():
        assert read_all(written(name, data)).accounted == 0


def test_a_utf16_file_is_refused_whole(written: Written) -> None:
    (rejected,) = read_all(written("log.jsonl", lines_of(GOOD).decode().encode("utf-16"))).rejected
    assert "UTF-16" in rejected["reason"]


def test_a_file_of_something_else_costs_no_other(written: Written, tmp_path: Path) -> None:
    written("a.log", b"Jan 01 kernel: hello\n")
    written("b.jsonl", lines_of(GOOD))
    written("c.parquet", b"PAR1 but no more than that")
    written("d.jsonl", lines_of([{"some": "thing"}, {"quite": "else"}]))
    found = read_all(tmp_path)
    assert len(found.rows) == 5
    assert [Path(one["source"]).name for one in found.rejected] == ["a.log", "c.parquet"] + [
        "d.jsonl"
    ] * 2
    assert "cannot be read as Parquet" in found.rejected[1]["reason"]
    assert "--map mapping.toml" in found.rejected[2]["reason"]


def table_of(rows: list[dict[str, object]]) -> pa.Table:
    table = pa.Table.from_pylist(rows)
    moments = pa.array([row["occurred_at"] for row in rows]).cast(pa.timestamp("us", tz="UTC"))
    return table.set_column(table.schema.get_field_index("occurred_at"), "occurred_at", moments)


def test_a_missing_column_is_named_before_reading(tmp_path: Path) -> None:
    pq.write_table(table_of(GOOD).drop_columns(["status", "model"]), tmp_path / "a.parquet")
    pq.write_table(table_of(GOOD).drop_columns(["source"]), tmp_path / "b.parquet")
    found = read_all(tmp_path)
    assert len(found.rows) == 5
    assert {row["source"] for row in found.rows} == {"canonical"}
    (rejected,) = found.rejected
    assert rejected["source"].endswith("a.parquet")
    assert "column model, status is missing, so none of its 5 rows was read" in rejected["reason"]
    assert found.rejected_rows == 5


def test_bad_parquet_rows_cost_only_themselves(tmp_path: Path) -> None:
    rows = [canonical(n) for n in range(6)]
    rows[1]["input_tokens"] = -3
    rows[2]["account_id"] = ""
    rows[3]["status"] = 100_000
    table = table_of(rows)
    moments = table["occurred_at"].cast(pa.int64()).to_pylist()
    moments[4] = moments[4] // 1000
    table = table.set_column(1, "occurred_at", pa.array(moments).cast(pa.timestamp("us")))
    pq.write_table(table, tmp_path / "log.parquet")
    found = read_all(tmp_path)
    assert found.ids == ["x0", "x5"]
    assert [one["line"] for one in found.rejected] == [2, 3, 4, 5]
    reasons = [one["reason"] for one in found.rejected]
    assert reasons[:3] == [
        "input_tokens: -3 is negative",
        "account_id is missing",
        "status: 100000 is larger than 999",
    ]
    assert "clock in ms stored as us" in reasons[3]
    assert json.loads(found.rejected[0]["record"])["input_tokens"] == -3


def test_a_parquet_file_damaged_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    rows = [canonical(n, prompt=f"{n * 7919}" * 40) for n in range(4000)]
    pq.write_table(table_of(rows), path, row_group_size=1000, compression="zstd")
    group = pq.ParquetFile(path).metadata.row_group(2)
    data = bytearray(path.read_bytes())
    start = group.column(0).dictionary_page_offset or group.column(0).data_page_offset
    data[start : start + 4000] = b"\xff" * 4000
    path.write_bytes(bytes(data))
    found = read_all(path, batch_rows=500)
    assert len(found.rows) >= 1000
    assert len(found.rows) + found.rejected_rows == 4000
    assert "is damaged from row" in found.rejected[0]["reason"]


def test_a_bad_row_of_csv_costs_only_itself(written: Written) -> None:
    text = (
        "exchange_id,occurred_at,account_id,model,status,prompt\r\n"
        'x1,2026-03-01,a,m,200,"two\nlines, one row"\r\n'
        "x2,2026-03-01,a,m\r\n"
        "x3,2026-03-01,a,m,200,caf\u00e9\r\n"
        "x4,2026-03-01,a,m,soon,\r\n"
        "x5,2026-03-01,a,m,200,\r\n"
    )
    found = read_all(written("log.csv", text.encode("latin-1")))
    assert found.ids == ["x1", "x5"]
    assert found.rows[0]["prompt"] == "two\nlines, one row"
    assert found.rows[1]["prompt"] is None
    assert [line for _, line in found.places] == [2, 7]
    assert [(one["line"], one["reason"][:20]) for one in found.rejected] == [
        (4, "4 fields under a hea"),
        (5, "not UTF-8: byte 0xe9"),
        (6, "status: 'soon' is no"),
    ]


def test_nothing_to_read_is_an_error_with_a_hint(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.jsonl", tmp_path, tmp_path / "*.jsonl"):
        with pytest.raises(InputError, match="hint"):
            read_all(path)
    with pytest.raises(UsageError, match="use: canonical"):
        read_all(tmp_path, format_in="klingon")


def test_a_client_cannot_get_its_own_row_rejected(written: Written) -> None:
    wild = {"temperature": "hot", "top_p": [1], "max_tokens": 10**30, "n": -1, "stream": "maybe"}
    record = litellm(1, stream=None, model_parameters=wild)
    (row,) = read_all(written("log.ndjson", lines_of([record]))).rows
    assert [row[n] for n in ("temperature", "top_p", "max_tokens", "choices", "stream")] == [
        None
    ] * 5
