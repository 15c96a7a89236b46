"""LiteLLM's logging payloads: fields, traps, and what mutation can do to them."""

from __future__ import annotations

import json
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.ingest import IngestOptions, read_logs
from stillwatch.model.hashing import hash_text
from tests.ingest.reading import KEY, Everything, lines_of, litellm, read_all

REFUSED = {
    "status": "failure",
    "response": {},
    "error_str": "acct_hold:case-7",
    "error_information": {
        "error_code": "400",
        "error_class": "GuardrailRaisedException",
        "error_message": "acct_hold:case-7",
        "llm_provider": "",
    },
}


def one(record: dict[str, Any], **options: Any) -> Everything:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.ndjson"
        path.write_bytes(lines_of([record]))
        return read_all(path, **options)


def failed(code: str, provider: str = "", **information: Any) -> dict[str, Any]:
    about = {
        "error_code": code,
        "error_class": "SomeError",
        "llm_provider": provider,
        **information,
    }
    return litellm(1, status="failure", response={}, error_information=about)


def test_a_payload_becomes_an_exchange() -> None:
    (row,) = one(litellm(1)).rows
    expected = {
        "exchange_id": "chatcmpl-1",
        "account_id": "key-1",
        "credential_id": "key-1",
        "end_user_hash": hash_text("reader-1", KEY),
        "source": "litellm",
        "model": "big-1",
        "status": 200,
        "operation": "chat",
        "endpoint": "/v1/chat/completions",
        "system_prompt": "You count things.",
        "prompt": "Count to 1.",
        "prompt_role": "user",
        "response_hash": hash_text("One 1", KEY),
        "prior_assistant_hashes": [],
        "history_truncated": False,
        "input_tokens": 12,
        "output_tokens": 7,
        "temperature": 0.5,
        "max_tokens": 100,
        "stream": True,
        "client_address": "198.51.100.7",
        "client_address_source": "reported",
        "client_asn": 64500,
        "ja4": "t13d_test",
        "user_agent": "openai-python/2.1",
        "duration_ms": 1000,
        "time_to_first_token_ms": 250,
    }
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("field", "account"),
    [
        (None, "key-1"),
        ("key", "key-1"),
        ("user", "user-1"),
        ("team", "team-1"),
        ("organization", "org-1"),
        ("end_user", "reader-1"),
        ("metadata.user_api_key_request_route", "/v1/chat/completions"),
    ],
)
def test_who_counts_as_the_account_can_be_chosen(field: str | None, account: str) -> None:
    assert one(litellm(1), account_field=field).rows[0]["account_id"] == account


def test_no_account_is_a_rejection_unless_nobody_was_let_in() -> None:
    assert "nothing at project" in one(litellm(1), account_field="project").rejected[0]["reason"]
    stranger = failed("401")
    stranger["metadata"]["user_api_key_hash"] = None
    assert one(stranger).left_out == {"never_authenticated": 1}


@pytest.mark.parametrize(
    "message",
    ["acct_hold:case-7", "429: {'error': 'throttled', 'case': 'c-42'}", '403: {"case": "c.1"}'],
)
def test_our_own_refusals_are_left_out(message: str) -> None:
    assert one(failed("400", error_message=message)).left_out == {"own_block": 1}


@pytest.mark.parametrize(
    "message", ["the text said acct_hold:case-7", "400: {'error': 'please verify'}", "in case of"]
)
def test_other_refusals_stay(message: str) -> None:
    assert len(one(failed("400", error_message=message)).rows) == 1


def test_a_client_cannot_make_its_failures_look_like_ours() -> None:
    quoted = failed("400", provider="openai", error_message="acct_hold:case-7")
    assert len(one(quoted).rows) == 1
    answered = litellm(1, error_str="acct_hold:case-7")
    assert len(one(answered).rows) == 1


@pytest.mark.parametrize(
    ("code", "provider", "status", "scope"),
    [
        ("429", "", 429, "account"),
        ("429", "openai", 429, "provider"),
        ("401", "", 401, "account"),
        ("503", "openai", 503, "provider"),
        ("400", "openai", 400, None),
        ("", "", 500, "provider"),
    ],
)
def test_errors_say_whose_they_are(
    code: str, provider: str, status: int, scope: str | None
) -> None:
    (row,) = one(failed(code, provider)).rows
    assert (row["status"], row["error_scope"], row["error_type"]) == (status, scope, "SomeError")


def test_the_wait_that_was_asked_for() -> None:
    record = failed("429")
    record["hidden_params"] = {"additional_headers": {"Retry-After": "30"}}
    assert one(record).rows[0]["retry_after_ms"] == 30_000


def with_headers(address: str, **headers: str) -> dict[str, Any]:
    record = litellm(1, requester_ip_address=address)
    record["metadata"]["requester_custom_headers"] = headers
    return record


def test_an_address_that_a_client_may_have_sent_is_no_address() -> None:
    forged = with_headers("6.6.6.6", **{"x-forwarded-for": "6.6.6.6"})
    (row,) = one(forged).rows
    assert (row["client_address"], row["client_address_source"]) == (None, "untrusted")
    proxied = with_headers("6.6.6.6", **{"x-forwarded-for": "6.6.6.6, 203.0.113.5"})
    (row,) = one(proxied, trusted_hops=1).rows
    assert row["client_address"] == "203.0.113.5"
    assert row["client_address_source"] == "x-forwarded-for"


def test_edge_headers_can_be_turned_off() -> None:
    (row,) = one(litellm(1), edge_headers=False).rows
    assert (row["ja4"], row["client_asn"]) == (None, None)


def test_a_cached_answer_is_an_exchange_of_its_own() -> None:
    assert one(litellm(1, cache_hit=True)).ids == ["call-1"]


def test_hidden_messages_make_no_shared_prompt() -> None:
    hidden = litellm(
        1,
        messages=[{"role": "user", "content": "redacted-by-litellm"}],
        response={"text": "redacted-by-litellm"},
    )
    (row,) = one(hidden).rows
    assert (row["prompt"], row["response_hash"], row["history_truncated"]) == (None, None, True)


def test_anthropic_and_responses_payloads_are_read_too() -> None:
    blocks = [{"type": "text", "text": "One 1"}]
    anthropic = litellm(1, response={"type": "message", "role": "assistant", "content": blocks})
    responses = litellm(1, response={"output": [{"role": "assistant", "content": blocks}]})
    for record in (anthropic, responses):
        assert one(record).rows[0]["response_hash"] == hash_text("One 1", KEY)


def test_arrays_and_trees_of_single_objects(tmp_path: Path) -> None:
    records = [litellm(number) for number in range(6)]
    (tmp_path / "array.json").write_text(json.dumps(records[:3]))
    tree = tmp_path / "2026-11-21" / "10"
    tree.mkdir(parents=True)
    (tree / "a.json").write_text(json.dumps(records[3], indent=2))
    (tree / "b.json").write_text(json.dumps(records[4]))
    (tree / "c.json").write_text(json.dumps(records[5], indent=4) + "\n")
    found = read_all(tmp_path)
    assert found.rejected == []
    assert sorted(found.ids) == [f"chatcmpl-{number}" for number in range(6)]


def test_the_captured_records_are_read_without_a_rejection(shared: Path) -> None:
    found = read_all(shared / "data" / "gateway" / "litellm_standard_logging_payload.ndjson")
    assert found.rejected == []
    assert found.left_out == {"own_block": 6}
    assert [row["status"] for row in found.rows] == [200, 400]
    assert {row["ja4"] for row in found.rows} == {"t13d1516h2_8daaf6152771_e5627efa2ab1"}
    assert {row["client_address"] for row in found.rows} == {None}


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=10),
    st.just([]),
    st.just({}),
    st.just([None, 1, {"role": "user"}]),
    st.just({"role": 1, "content": [{"type": "text"}, 3]}),
)


@st.composite
def mutated(draw: st.DrawFn, record: dict[str, Any]) -> bytes:
    """Damage a record in a few places, and at times its bytes."""
    copy: Any = json.loads(json.dumps(record))
    for _ in range(draw(st.integers(1, 4))):
        holder = copy
        for _ in range(draw(st.integers(0, 4))):
            inner = [v for v in (holder.values() if isinstance(holder, dict) else holder) if v]
            inner = [v for v in inner if isinstance(v, dict | list)]
            if not inner:
                break
            holder = draw(st.sampled_from(inner))
        if isinstance(holder, dict) and holder:
            name = draw(st.sampled_from(sorted(holder)))
            if draw(st.booleans()):
                del holder[name]
            else:
                holder[name] = deepcopy(draw(VALUES))
        elif isinstance(holder, list) and holder:
            holder[draw(st.integers(0, len(holder) - 1))] = deepcopy(draw(VALUES))
    line = json.dumps(copy, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 5)) == 0:
        line = line[: draw(st.integers(1, len(line)))]
    return line.replace(b"\n", b" ")


def check_mutations(records: list[dict[str, Any]], data: st.DataObject) -> None:
    good = [litellm(1000 + number) for number in range(3)]
    damaged = [data.draw(mutated(record)) for record in records]
    lines: list[bytes] = []
    for number, line in enumerate(damaged):
        lines += [line, json.dumps(good[number % 3] | {"id": f"good-{number}"}).encode()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.ndjson"
        path.write_bytes(b"\n".join(lines))
        found = read_all(path)
    kept = [row for row in found.rows if str(row["exchange_id"]).startswith("good-")]
    assert [row["exchange_id"] for row in kept] == [f"good-{n}" for n in range(len(damaged))]
    expected = one(good[0] | {"id": "good-0"}).rows[0]
    assert kept[0] == expected
    assert found.accounted == len(lines)
    assert found.rejected_rows == len(found.rejected)


@settings(max_examples=60)
@given(st.data())
def test_mutated_records_never_crash_and_cost_no_good_row(data: st.DataObject) -> None:
    check_mutations([litellm(1), litellm(2, **REFUSED), litellm(3, cache_hit=True)], data)


@settings(max_examples=25)
@given(data=st.data())
def test_mutated_captured_records_cost_no_good_row(
    captured: list[Any], data: st.DataObject
) -> None:
    check_mutations(captured, data)


@pytest.fixture(scope="module")
def captured(shared: Path) -> list[Any]:
    log = shared / "data" / "gateway" / "litellm_standard_logging_payload.ndjson"
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_thousands_of_files_with_one_object_each_are_read_a_batch_at_a_time(
    tmp_path: Path,
) -> None:
    files, batch_rows = 5_000, 200
    shift = [at * 1_237 % files for at in range(files)]  # Ids do not follow the order of names.
    for at, n in enumerate(shift):
        path = tmp_path / "team" / f"{at % 7}" / f"{at:05d}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(litellm(n)) if at % 1_000 else "{broken")
    rows: dict[str, str] = {}
    rejected: list[str] = []
    done: list[int] = []
    seen = batches = 0
    options = IngestOptions(key=KEY, batch_rows=batch_rows)
    for batch in read_logs([str(tmp_path)], options, lambda told: done.append(told.files_done)):
        # What is held is one batch, and no file is opened ahead of what is handed over.
        assert batch.exchanges.num_rows + batch.rejected.num_rows <= batch_rows
        assert (done[-1] if done else 0) <= seen + batch_rows
        batches += 1
        seen += batch.exchanges.num_rows + batch.rejected.num_rows
        ids = batch.exchanges["exchange_id"].to_pylist()
        rows.update(zip(ids, batch.origins.to_pylist(), strict=True))
        rejected += batch.rejected["source"].to_pylist()
    assert batches == files // batch_rows and done[-1] == files
    assert len(rows) == files - 5 and len(rejected) == 5
    for name, origin in rows.items():
        assert name == f"chatcmpl-{shift[int(Path(origin).stem)]}"
    assert {int(Path(origin).stem) for origin in rejected} == {0, 1_000, 2_000, 3_000, 4_000}
