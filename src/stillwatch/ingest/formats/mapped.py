"""Foreign records through a mapping."""

from __future__ import annotations

from typing import Any

from stillwatch.ingest.conversation import answer_columns, read_answer, request_columns
from stillwatch.ingest.conversation.requests import read_request, request_of
from stillwatch.ingest.json_text import parse
from stillwatch.ingest.mapping import Mapping
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.outcomes import RecordError
from stillwatch.ingest.paths import at
from stillwatch.ingest.timestamps import to_micros
from stillwatch.model.hashing import hash_text


class MappedRows:
    """Makes rows of records that a mapping describes."""

    def __init__(self, mapping: Mapping, options: IngestOptions) -> None:
        self._mapping = mapping
        self._options = options

    def __call__(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return the columns of one record; an empty text is an absent value."""
        mapping = self._mapping
        row = self._conversation(record)
        for column, path in mapping.columns.items():
            value = at(record, path)
            if isinstance(value, str) and not value:
                value = None
            translated = mapping.values.get(column, {})
            if value is not None and str(value) in translated:
                value = translated[str(value)]
            if value is not None:
                row[column] = value
        for column, path in mapping.hash.items():
            text = at(record, path)
            if isinstance(text, str) and text:
                row[column] = hash_text(text, self._options.key)
        for column, value in mapping.constants.items():
            if row.get(column) is None:
                row[column] = value
        if row.get("occurred_at") is not None and mapping.time_unit is not None:
            row["occurred_at"] = self._moment(row["occurred_at"])
        if self._options.account_field is not None:
            row["account_id"] = at(record, self._options.account_field)
        return row

    def _moment(self, value: Any) -> int:
        if isinstance(value, str):
            try:
                value = float(value) if "." in value else int(value)
            except ValueError:
                return to_micros(value)
        try:
            return to_micros(value, self._mapping.time_unit)
        except RecordError as error:
            raise RecordError(f"occurred_at: {error}") from None

    def _conversation(self, record: dict[str, Any]) -> dict[str, Any]:
        paths = self._mapping.conversation
        if not paths:
            return {}
        found = {name: _json(at(record, path)) for name, path in paths.items()}
        if "request" in found:
            request = read_request(found["request"])
        else:
            request = request_of(found.get("messages"), found.get("system"), found.get("tools"))
        body = found.get("response", found.get("answer"))
        if "answer" in paths and isinstance(body, str):
            body = {"content": body}
        answer = read_answer(body)
        return {
            **request_columns(request, self._options.key),
            **answer_columns(answer, request, self._options.key),
            **({"model": request.model} if request.model else {}),
        }


def _json(value: Any) -> Any:
    """Return what a text column holds if that is JSON: CSV has no other way to carry it."""
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        try:
            return parse(value.encode("utf-8", "surrogatepass"))
        except (RecordError, UnicodeError):
            return value
    return value
