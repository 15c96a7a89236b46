"""LiteLLM's StandardLoggingPayload, as its generic_api and S3 loggers write it."""

from __future__ import annotations

import re
from typing import Any, Final

from stillwatch.ingest.addresses import REPORTED, normal
from stillwatch.ingest.conversation import Answer, answer_columns, read_answer, request_columns
from stillwatch.ingest.conversation.requests import request_of
from stillwatch.ingest.errors_of_exchanges import error_scope, retry_after_ms
from stillwatch.ingest.headers import ClientReader, Headers, first, read_headers
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.outcomes import LeftOut, RecordError
from stillwatch.ingest.paths import at, mapping_at, text_at
from stillwatch.ingest.timestamps import to_micros
from stillwatch.model.hashing import hash_text

_ACCOUNTS: Final = {
    "key": ("metadata.user_api_key_hash",),
    "user": ("metadata.user_api_key_user_id",),
    "team": ("metadata.user_api_key_team_id", "metadata.team_id"),
    "organization": ("metadata.user_api_key_org_id",),
    "end_user": ("end_user", "metadata.user_api_key_end_user_id"),
}
_CLASSES: Final = {
    "RateLimitError": 429,
    "AuthenticationError": 401,
    "PermissionDeniedError": 403,
    "NotFoundError": 404,
    "BadRequestError": 400,
    "ContextWindowExceededError": 400,
    "ContentPolicyViolationError": 400,
    "BudgetExceededError": 429,
    "Timeout": 408,
    "ServiceUnavailableError": 503,
}
_ROUTES: Final = (
    ("/embeddings", "embeddings"),
    ("/chat/completions", "chat"),
    ("/messages", "chat"),
    ("/responses", "chat"),
    ("/completions", "text_completion"),
    ("generateContent", "generate_content"),
)
_OUR_WORDS: Final = re.compile(
    r"(?:\d{3}: )?(?:acct_hold:|\{.*['\"]case['\"]: ?['\"][\w.:-]+['\"])", re.DOTALL
)
"""How a refusal by Stillwatch reads in a failure: `acct_hold:CASE`, or a body that names a case."""


class LiteLLMRows:
    """Makes rows of logging payloads."""

    def __init__(self, options: IngestOptions) -> None:
        self._key = options.key
        self._account = _ACCOUNTS.get(options.account_field or "key") or (
            str(options.account_field),
        )
        self._client = ClientReader(options)

    def __call__(self, record: dict[str, Any]) -> dict[str, Any] | LeftOut:
        """Return the columns of one payload; our own blocks are left out."""
        failed = _failed(record)
        if failed and _is_own_block(record):
            return LeftOut("own_block")
        answer = Answer() if failed else read_answer(record.get("response"))
        status = _status(record) if failed else 200
        account = next((text for path in self._account if (text := text_at(record, path))), None)
        if account is None:
            if status in (401, 403):
                return LeftOut("never_authenticated")
            raise RecordError(f"account_id is missing: nothing at {' or '.join(self._account)}")
        parameters = mapping_at(record, "model_parameters")
        request = request_of(
            items=record.get("messages"),
            system=parameters.get("system") or parameters.get("instructions"),
            tools=parameters.get("tools") or parameters.get("functions"),
            parameters={**parameters, "stream": _streamed(record, parameters)},
            elsewhere=parameters.get("previous_response_id") is not None,
        )
        end_user = text_at(record, "end_user") or text_at(
            record, "metadata.user_api_key_end_user_id"
        )
        row: dict[str, Any] = {
            **request_columns(request, self._key),
            **answer_columns(answer, request, self._key),
            **self._client_columns(record),
            "exchange_id": _identity(record),
            "account_id": account,
            "credential_id": text_at(record, "metadata.user_api_key_hash"),
            "end_user_hash": hash_text(end_user, self._key) if end_user else None,
            "session_id": text_at(record, "session_id"),
            "model": text_at(record, "model_group")
            or text_at(record, "model")
            or _no_model(failed),
            "pathway": "api",
            "provider_region": text_at(record, "model_parameters.aws_region_name"),
            "status": status,
            **_route_columns(record),
            **_time_columns(record, failed),
            **_token_columns(record, answer),
        }
        if failed:
            row.update(_error_columns(record, status))
        return row

    def _client_columns(self, record: dict[str, Any]) -> dict[str, Any]:
        headers: Headers = {}
        for path in ("metadata.requester_custom_headers", "metadata.requester_metadata.headers"):
            headers.update(read_headers(at(record, path))[0])
        columns = self._client.columns(headers)
        reported = text_at(record, "requester_ip_address") or text_at(
            record, "metadata.requester_ip_address"
        )
        # Whatever LiteLLM reports may itself be a client's X-Forwarded-For; it counts only where
        # no such header came with the request.
        if "x-forwarded-for" not in headers and reported is not None:
            columns["client_address"] = normal(reported)
            columns["client_address_source"] = REPORTED if columns["client_address"] else None
        agent = text_at(record, "user_agent") or text_at(record, "metadata.user_agent")
        if agent is not None:
            columns.setdefault("user_agent", agent)
        return columns


def _failed(record: dict[str, Any]) -> bool:
    status = record.get("status")
    if status in ("success", "failure"):
        return bool(status == "failure")
    if text_at(record, "error_str") or text_at(record, "error_information.error_code"):
        return True
    if record.get("response"):
        return False
    raise RecordError(f"status is {status!r}, neither success nor failure")


def _is_own_block(record: dict[str, Any]) -> bool:
    """Whether a failure is a refusal of ours; never so once a provider has answered.

    Providers quote what a client wrote, so their words could be made to look like ours.
    """
    if text_at(record, "error_information.llm_provider"):
        return False
    said = text_at(record, "error_information.error_message") or text_at(record, "error_str")
    return said is not None and _OUR_WORDS.match(said) is not None


def _status(record: dict[str, Any]) -> int:
    for path in ("error_information.error_code", "error_information.normalized_error"):
        digits = (text_at(record, path) or "")[:3]
        if digits.isascii() and digits.isdecimal() and 100 <= int(digits) <= 599:
            return int(digits)
    return _CLASSES.get(text_at(record, "error_information.error_class") or "", 500)


def _identity(record: dict[str, Any]) -> Any:
    # A cached answer carries the id of the answer that was cached.
    if record.get("cache_hit") is True and record.get("litellm_call_id"):
        return record["litellm_call_id"]
    return record.get("id") or record.get("litellm_call_id")


def _no_model(failed: bool) -> str | None:
    return "unknown" if failed else None


def _streamed(record: dict[str, Any], parameters: dict[str, Any]) -> Any:
    streamed = record.get("stream")
    return parameters.get("stream") if streamed is None else streamed


def _route_columns(record: dict[str, Any]) -> dict[str, Any]:
    route = text_at(record, "metadata.user_api_key_request_route")
    if route is None:
        return {}
    found = next((operation for ending, operation in _ROUTES if ending in route), None)
    return {"endpoint": route, "operation": found}


def _time_columns(record: dict[str, Any], failed: bool) -> dict[str, Any]:
    columns: dict[str, Any] = {"occurred_at": record.get("startTime")}
    try:
        start = to_micros(record.get("startTime"))
        duration = to_micros(record.get("endTime")) - start
        first_token = to_micros(record.get("completionStartTime")) - start
    except RecordError:
        return columns
    if 0 <= duration < 1 << 41:
        columns["duration_ms"] = duration // 1000
        # Without streaming LiteLLM repeats the end.
        if not failed and 0 <= first_token < duration:
            columns["time_to_first_token_ms"] = first_token // 1000
    return columns


def _token_columns(record: dict[str, Any], answer: Answer) -> dict[str, Any]:
    columns = {}
    for column, name in (("input_tokens", "prompt_tokens"), ("output_tokens", "completion_tokens")):
        if record.get(name) is not None:
            columns[column] = record[name]
        elif column in answer.usage:
            columns[column] = answer.usage[column]
    return columns


def _error_columns(record: dict[str, Any], status: int) -> dict[str, Any]:
    upstream = text_at(record, "error_information.llm_provider") is not None
    hidden = read_headers(at(record, "hidden_params.additional_headers"))[0]
    return {
        "error_type": text_at(record, "error_information.error_class"),
        "error_scope": error_scope(status, upstream=upstream),
        "retry_after_ms": retry_after_ms(first(hidden, "retry-after", "llm_provider-retry-after")),
    }
