"""Amazon Bedrock's own model-invocation log records."""

from __future__ import annotations

from typing import Any, Final

from stillwatch.ingest.formats.bodies import body_columns
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.outcomes import RecordError
from stillwatch.ingest.paths import at, mapping_at, text_at

_ACCOUNTS: Final = {
    "key": ("identity.arn",),
    "user": ("identity.arn",),
    "organization": ("accountId",),
}
_STATUSES: Final = {
    "ThrottlingException": 429,
    "ServiceQuotaExceededException": 429,
    "AccessDeniedException": 403,
    "ValidationException": 400,
    "ResourceNotFoundException": 404,
    "ModelTimeoutException": 408,
    "ModelNotReadyException": 429,
    "ModelErrorException": 424,
    "InternalServerException": 500,
    "ServiceUnavailableException": 503,
}


class BedrockRows:
    """Makes rows of invocation-log records."""

    def __init__(self, options: IngestOptions) -> None:
        self._key = options.key
        field = options.account_field or "user"
        self._account = _ACCOUNTS.get(field, (field,))

    def __call__(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return the columns of one record."""
        if record.get("schemaType") != "ModelInvocationLog":
            raise RecordError(f"schemaType is {record.get('schemaType')!r}, not ModelInvocationLog")
        account = next((text for path in self._account if (text := text_at(record, path))), None)
        if account is None:
            raise RecordError(f"account_id is missing: nothing at {' or '.join(self._account)}")
        error = text_at(record, "errorCode")
        status = 200 if error is None else _STATUSES.get(error, 500)
        row = body_columns(
            at(record, "input.inputBodyJson"),
            at(record, "output.outputBodyJson"),
            status,
            self._key,
        )
        operation = text_at(record, "operation")
        elsewhere = at(record, "input.inputBodyS3Path") is not None
        row.update(
            {
                "exchange_id": text_at(record, "requestId"),
                "occurred_at": record.get("timestamp"),
                "account_id": account,
                "credential_id": text_at(record, "identity.arn"),
                "session_id": text_at(record, "requestMetadata.session"),
                "model": text_at(record, "modelId"),
                "pathway": "bedrock",
                "provider_region": text_at(record, "region"),
                "operation": "chat",
                "endpoint": operation,
                "status": status,
                "stream": "Stream" in operation if operation else None,
            }
        )
        if elsewhere:  # Bodies above 100 kB lie in S3, beside the log.
            row["history_truncated"] = True
        if error is not None:
            row["error_type"] = error
        for side, column, cached in (
            ("input", "input_tokens", "cached_tokens"),
            ("output", "output_tokens", None),
        ):
            counts = mapping_at(record, side)
            row.setdefault(column, counts.get(f"{side}TokenCount"))
            if cached is not None:
                row.setdefault(cached, counts.get("cacheReadInputTokenCount"))
                row.setdefault("cache_write_tokens", counts.get("cacheWriteInputTokenCount"))
        return row
