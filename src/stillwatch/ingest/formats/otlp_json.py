"""OTLP-JSON taken apart: spans and log records with plain attributes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Attributes = dict[str, Any]


@dataclass(slots=True)
class Span:
    """A span, or an event that tells about one."""

    trace: str
    identity: str
    name: str = ""
    kind: int = 0
    start: int = 0
    end: int = 0
    parent: str = ""
    failed: bool = False
    message: str = ""
    attributes: Attributes = field(default_factory=dict)
    resource: Attributes = field(default_factory=dict)


def spans_of(document: dict[str, Any]) -> Iterator[Span]:
    """Yield the spans of an export request, with the details that its span events add."""
    for resource, scopes in _scopes(document, "resourceSpans", "scopeSpans"):
        for scope in scopes:
            for span in _objects(scope, "spans"):
                yield _span(span, resource)


def events_of(document: dict[str, Any]) -> Iterator[Span]:
    """Yield the log records of an export request as spans of which little is known."""
    for resource, scopes in _scopes(document, "resourceLogs", "scopeLogs"):
        for scope in scopes:
            for record in _objects(scope, "logRecords"):
                given = attributes_of(record.get("attributes"))
                name = _get(record, "eventName") or given.get("event.name") or ""
                body = plain(record.get("body"))
                if isinstance(body, dict):
                    given = {**body, **given}
                moment = whole(_get(record, "timeUnixNano") or _get(record, "observedTimeUnixNano"))
                yield Span(
                    trace=_identifier(_get(record, "traceId")),
                    identity=_identifier(_get(record, "spanId")),
                    name=str(name),
                    start=moment,
                    attributes=given,
                    resource=resource,
                )


def plain(value: Any) -> Any:
    """Return an AnyValue as plain JSON; integers may come as text."""
    if not isinstance(value, dict):
        return value
    for name in ("stringValue", "boolValue", "doubleValue", "bytesValue"):
        if name in value:
            return value[name]
    if "intValue" in value:
        return whole(value["intValue"])
    if isinstance(array := value.get("arrayValue"), dict):
        return [plain(one) for one in array.get("values") or []]
    if isinstance(pairs := value.get("kvlistValue"), dict):
        return attributes_of(pairs.get("values"))
    return None


def attributes_of(pairs: Any) -> Attributes:
    """Return a list of keys and values as an object."""
    if not isinstance(pairs, list):
        return {}
    return {
        pair["key"]: plain(pair.get("value"))
        for pair in pairs
        if isinstance(pair, dict) and isinstance(pair.get("key"), str)
    }


def whole(value: Any) -> Any:
    """Return an integer that JSON may carry as text; what is none is returned as it is."""
    if isinstance(value, str) and len(value) < 30:
        try:
            return int(value)
        except ValueError:
            return value
    return value


def structured(value: Any) -> Any:
    """Return an attribute that holds JSON as text, as SDKs without structured values write it."""
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _span(span: dict[str, Any], resource: Attributes) -> Span:
    attributes = attributes_of(span.get("attributes"))
    for event in _objects(span, "events"):
        told = attributes_of(event.get("attributes"))
        if str(event.get("name", "")).startswith("gen_ai."):
            attributes = {**told, **attributes}
    status = span.get("status")
    status = status if isinstance(status, dict) else {}
    start = whole(_get(span, "startTimeUnixNano"))
    end = whole(_get(span, "endTimeUnixNano"))
    return Span(
        trace=_identifier(_get(span, "traceId")),
        identity=_identifier(_get(span, "spanId")),
        name=str(span.get("name", "")),
        kind=_kind(span.get("kind")),
        start=start if isinstance(start, int) else 0,
        end=end if isinstance(end, int) else 0,
        parent=_identifier(_get(span, "parentSpanId")),
        failed=status.get("code") in (2, "STATUS_CODE_ERROR"),
        message=str(status.get("message") or ""),
        attributes=attributes,
        resource=resource,
    )


def _kind(value: Any) -> int:
    if value == "SPAN_KIND_SERVER":
        return 2
    return value if isinstance(value, int) else 0


def _identifier(value: Any) -> str:
    return value.lower() if isinstance(value, str) else ""


def _get(holder: dict[str, Any], name: str) -> Any:
    """Return a field by its JSON name or by its older snake_case name."""
    if name in holder:
        return holder[name]
    return holder.get("".join(f"_{c.lower()}" if c.isupper() else c for c in name))


def _objects(holder: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    found = _get(holder, name)
    for one in found if isinstance(found, list) else []:
        if isinstance(one, dict):
            yield one


def _scopes(
    document: dict[str, Any], outer: str, inner: str
) -> Iterator[tuple[Attributes, list[dict[str, Any]]]]:
    for holder in _objects(document, outer):
        resource = holder.get("resource")
        given = attributes_of(resource.get("attributes")) if isinstance(resource, dict) else {}
        yield given, list(_objects(holder, inner))
