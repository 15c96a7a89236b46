"""Raw provider bodies in Stillwatch's own envelope, one JSON object an exchange."""

from __future__ import annotations

from typing import Any, Final

from stillwatch.ingest.coerce import to_integer
from stillwatch.ingest.errors_of_exchanges import retry_after_ms
from stillwatch.ingest.formats.bodies import body_columns
from stillwatch.ingest.headers import ClientReader, asn, first, read_headers
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.outcomes import RecordError
from stillwatch.ingest.paths import at, mapping_at, text_at
from stillwatch.model.hashing import hash_text

PROVIDERS: Final = {
    "anthropic": "chat",
    "openai.chat": "chat",
    "openai.responses": "chat",
    "openai.completions": "text_completion",
    "bedrock": "chat",
}
"""Provider → OpenTelemetry operation name; also the default of `source`."""
_ACCOUNTS: Final = {
    "key": ("credential", "account.key"),
    "user": ("account.user", "account.id"),
    "team": ("account.team",),
    "organization": ("account.organization",),
    "end_user": ("end_user",),
}


class EnvelopeRows:
    """Makes rows of envelopes."""

    def __init__(self, options: IngestOptions) -> None:
        self._key = options.key
        self._field = options.account_field
        self._client = ClientReader(options)

    def __call__(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return the columns of one envelope."""
        provider = record.get("provider")
        if not isinstance(provider, str) or provider not in PROVIDERS:
            raise RecordError(f"provider is {provider!r}, none of " + ", ".join(PROVIDERS))
        status = to_integer(record["status"]) if record.get("status") is not None else None
        row = body_columns(record.get("request"), record.get("response"), status, self._key)
        end_user = text_at(record, "end_user")
        identity = record.get("id") or at(record, "response.id")
        row.update(
            {
                "exchange_id": identity,
                "occurred_at": record.get("time"),
                "account_id": self._account(record),
                "credential_id": text_at(record, "credential"),
                "end_user_hash": hash_text(end_user, self._key) if end_user else None,
                "session_id": text_at(record, "session"),
                "source": provider,
                "model": text_at(record, "model") or row.get("model"),
                "pathway": record.get("pathway") or ("bedrock" if provider == "bedrock" else "api"),
                "provider_region": record.get("region"),
                "operation": record.get("operation") or PROVIDERS[provider],
                "endpoint": record.get("endpoint"),
                "status": status,
                "duration_ms": record.get("duration_ms"),
                "time_to_first_token_ms": record.get("time_to_first_token_ms"),
                **self._client_columns(record),
            }
        )
        answered = read_headers(record.get("response_headers"))[0]
        row["retry_after_ms"] = retry_after_ms(first(answered, "retry-after"))
        return row

    def _account(self, record: dict[str, Any]) -> str:
        if self._field is None:
            paths: tuple[str, ...] = ("account.id", "account")
        else:
            paths = _ACCOUNTS.get(self._field, (self._field,))
        account = next((text for path in paths if (text := text_at(record, path))), None)
        if account is None:
            raise RecordError(f"account_id is missing: nothing at {' or '.join(paths)}")
        return account

    def _client_columns(self, record: dict[str, Any]) -> dict[str, Any]:
        client = mapping_at(record, "client")
        headers, order = read_headers(client.get("headers"))
        columns = self._client.columns(headers, order, peer=text_at(client, "address"))
        told = {
            "ja4": text_at(client, "ja4"),
            "client_asn": asn(client.get("asn")),
            "client_country": text_at(client, "country"),
            "user_agent": text_at(client, "user_agent"),
            "http_fingerprint": text_at(client, "http_fingerprint"),
            "sdk_version": text_at(client, "sdk_version"),
        }
        return {**columns, **{name: value for name, value in told.items() if value is not None}}
