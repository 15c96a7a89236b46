"""Writes exchanges as LiteLLM's logging payloads, one a line, as its generic_api logger sends them.

An account is a key: `metadata.user_api_key_hash` holds the account's id. What the format has no
place for is left out: credentials beside the account, header order, the pathway.
"""

from __future__ import annotations

import gzip
from io import BufferedIOBase
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa

from stillwatch.model.hashing import to_hex
from stillwatch.simulate.exchanges import ExchangeTable
from stillwatch.simulate.histories import Histories, Turn, answer_texts
from stillwatch.simulate.records import Rows
from stillwatch.simulate.writer import FileFacts, facts_of

ROWS_PER_PART: Final = 100_000
_AT_ONCE: Final = 10_000
"""Records that are held in memory, with all their histories."""
_LEVEL: Final = 4
_CLASSES: Final = {
    400: "BadRequestError",
    403: "PermissionDeniedError",
    429: "RateLimitError",
    500: "InternalServerError",
    529: "InternalServerError",
}
"""Status → what LiteLLM calls such an error."""


class LiteLLMWriter:
    """Appends exchanges to `part-00000.ndjson.gz`, ..., at most 100,000 records each."""

    def __init__(self, folder: Path, shard: int | None = None) -> None:
        """Take the folder, which is made if need be, and the shard's number if there are many."""
        self._folder, self._ending = folder, "" if shard is None else f"-{shard}"
        self._histories = Histories()
        self._open: list[BufferedIOBase] = []
        self._path = folder
        self._in_part = 0
        self._done: list[FileFacts] = []

    def write(self, exchanges: pa.Table, rows: Rows, table: ExchangeTable) -> None:
        """Append one slice; `rows` are the attempts that `table` made the exchanges of."""
        for begin in range(0, len(rows), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            self._write(exchanges.slice(begin, _AT_ONCE), rows[part], table)

    def _write(self, exchanges: pa.Table, rows: Rows, table: ExchangeTable) -> None:
        histories = self._histories.of(rows, table)
        turn, setting = rows["turn"].astype("i8"), rows["setting"].astype("i8")
        said = answer_texts(table, rows["conversation"], turn, setting)
        loops = table.loops(setting).tolist()
        columns = {name: exchanges[name].to_pylist() for name in exchanges.column_names}
        times = exchanges["occurred_at"].cast("int64").to_pylist()
        for k, history in enumerate(histories):
            row = {name: values[k] for name, values in columns.items()}
            record = _record(row, times[k], history, said[k], loops[k])
            self._append(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))

    def finish(self) -> list[FileFacts]:
        """Finish the part that is being written and say what all of them hold."""
        self._close()
        return self._done

    def _append(self, line: bytes) -> None:
        if not self._open or self._in_part == ROWS_PER_PART:
            self._close()
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path = self._folder / f"part-{len(self._done):05d}{self._ending}.ndjson.gz"
            file = self._path.open("wb")
            # Neither name nor time of writing, so that equal records give equal bytes.
            packed = gzip.GzipFile("", "wb", _LEVEL, file, mtime=0)
            self._open = [packed, file]
            self._in_part = 0
        self._open[0].write(line)
        self._in_part += 1

    def _close(self) -> None:
        for file in self._open:
            file.close()
        if self._open:
            self._done.append(facts_of(self._path, self._in_part))
        self._open = []


def _record(
    row: dict[str, Any], at: int, history: list[Turn], said: str, calls_tool: bool
) -> dict[str, Any]:
    good = row["status"] == 200
    begin = at / 1e6
    end = (at + 1000 * (row["duration_ms"] or 0)) / 1e6
    first = row["time_to_first_token_ms"]
    answer = _answer(said, calls_tool, row["issued_signature_hash"], len(history))
    return {
        "id": row["exchange_id"],
        "litellm_call_id": row["exchange_id"],
        "session_id": row["session_id"],
        "call_type": "acompletion",
        "status": "success" if good else "failure",
        "stream": row["stream"],
        "startTime": begin,
        "endTime": end,
        "completionStartTime": end if first is None else (at + 1000 * first) / 1e6,
        "model": row["model"],
        "model_group": row["model"],
        "prompt_tokens": row["input_tokens"] or 0,
        "completion_tokens": row["output_tokens"] or 0,
        "end_user": None if row["end_user_hash"] is None else to_hex(row["end_user_hash"]),
        "requester_ip_address": row["client_address"],
        "user_agent": row["user_agent"],
        "metadata": _metadata(row),
        "messages": _messages(row, history),
        "model_parameters": _parameters(row),
        "response": _response(row, answer) if good else {},
        "error_information": {} if good else _error(row),
        "hidden_params": {"additional_headers": _waiting(row)},
    }


def _metadata(row: dict[str, Any]) -> dict[str, Any]:
    headers = {
        "x-ja4": row["ja4"],
        "x-http-fingerprint": row["http_fingerprint"],
        "x-country": row["client_country"],
        "x-asn": None if row["client_asn"] is None else f"AS{row['client_asn']}",
        "x-stainless-package-version": row["sdk_version"],
    }
    return {
        "user_api_key_hash": row["account_id"],
        "user_api_key_user_id": row["account_id"],
        "user_api_key_request_route": row["endpoint"],
        "requester_ip_address": row["client_address"],
        "requester_custom_headers": {k: v for k, v in headers.items() if v is not None},
    }


def _messages(row: dict[str, Any], history: list[Turn]) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    if row["system_prompt"] is not None:
        messages.append({"role": "system", "content": row["system_prompt"]})
    for k, turn in enumerate(history):
        messages.append(_request(turn.request, turn.is_result, k))
        messages.append(_answer(turn.answer, turn.calls_tool, turn.signature, k))
    messages.append(_request(row["prompt"], row["prompt_role"] == "tool", len(history)))
    return messages


def _request(text: str, is_result: bool, place: int) -> dict[str, Any]:
    # A result answers a call, so it cannot stand first.
    if is_result and place:
        return {"role": "tool", "tool_call_id": f"call_{place - 1}", "content": text}
    return {"role": "user", "content": text}


def _answer(text: str, calls_tool: bool, signature: int | None, place: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if signature is not None:
        message["thinking_blocks"] = [
            {"type": "thinking", "thinking": "", "signature": to_hex(signature)}
        ]
    if calls_tool:
        call = {"name": "run", "arguments": orjson.dumps({"text": text[:40]}).decode()}
        message["tool_calls"] = [{"id": f"call_{place}", "type": "function", "function": call}]
    return message


def _parameters(row: dict[str, Any]) -> dict[str, Any]:
    tools = row["tools_hash"]
    given = {
        "temperature": row["temperature"],
        "top_p": row["top_p"],
        "max_tokens": row["max_tokens"],
        "stream": row["stream"],
        "n": row["choices"],
        "aws_region_name": row["provider_region"],
        "tools": None
        if tools is None
        else [
            {
                "type": "function",
                "function": {"name": "run", "description": f"tools {to_hex(tools)}"},
            }
        ],
    }
    return {name: value for name, value in given.items() if value is not None}


def _response(row: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    usage = {
        "prompt_tokens": row["input_tokens"],
        "completion_tokens": row["output_tokens"],
        "prompt_tokens_details": {
            "cached_tokens": row["cached_tokens"],
            "cache_write_tokens": row["cache_write_tokens"],
        },
        "completion_tokens_details": {"reasoning_tokens": row["reasoning_tokens"]},
    }
    return {
        "id": row["exchange_id"],
        "model": row["model"],
        "choices": [{"index": 0, "message": answer}],
        "usage": usage,
    }


def _error(row: dict[str, Any]) -> dict[str, Any]:
    upstream = row["error_scope"] == "provider"
    return {
        "error_code": str(row["status"]),
        "error_class": _CLASSES.get(row["status"], "APIError"),
        "error_message": row["error_type"],
        "llm_provider": "provider" if upstream else "",
    }


def _waiting(row: dict[str, Any]) -> dict[str, str]:
    waiting = row["retry_after_ms"]
    return {} if waiting is None else {"retry-after": str(waiting / 1000)}
