"""What the headers of a request tell about the client that sent it."""

from __future__ import annotations

import json
from typing import Any

from stillwatch.ingest.addresses import Hops, client_address
from stillwatch.ingest.coerce import to_integer
from stillwatch.ingest.options import DEFAULT_HEADERS, IngestOptions
from stillwatch.ingest.outcomes import RecordError
from stillwatch.model.hashing import hash_text

Headers = dict[str, list[str]]
"""Lower-case header name → its values in order."""


def read_headers(given: Any) -> tuple[Headers, list[str] | None]:
    """Return headers by name, and their names in order if the log kept the order.

    Takes a mapping (no order), or a list of pairs, or of objects with `name` and `value`.
    """
    pairs: list[tuple[Any, Any]] = []
    if isinstance(given, dict):
        pairs = list(given.items())
    elif isinstance(given, list):
        for one in given:
            if isinstance(one, dict):
                pairs.append((one.get("name", one.get("key")), one.get("value")))
            elif isinstance(one, list) and len(one) == 2:
                pairs.append((one[0], one[1]))
    headers: Headers = {}
    order: list[str] = []
    for name, value in pairs:
        if not isinstance(name, str):
            continue
        name = name.lower()
        order.append(name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str | int) and not isinstance(one, bool):
                headers.setdefault(name, []).append(str(one))
    return headers, order if isinstance(given, list) and order else None


def first(headers: Headers, *names: str) -> str | None:
    """Return the first value of the first header that is there and not empty."""
    for name in names:
        for value in headers.get(name, []):
            if value.strip():
                return value.strip()
    return None


class ClientReader:
    """Makes the client columns, under one deployment's idea of which hops to trust."""

    def __init__(self, options: IngestOptions) -> None:
        self._hops = Hops.of(options.trusted_hops, options.trusted_networks)
        self._edge = DEFAULT_HEADERS if options.edge_headers else ()
        self._key = options.key

    def columns(
        self, headers: Headers, order: list[str] | None = None, peer: str | None = None
    ) -> dict[str, Any]:
        """Return client columns; `peer` is the address that opened the connection, if known."""
        address, origin = client_address(peer, headers.get("x-forwarded-for", []), self._hops)
        columns: dict[str, Any] = {
            "client_address": address,
            "client_address_source": origin if address or headers else None,
            "user_agent": first(headers, "user-agent"),
            "sdk_version": _sdk(headers),
        }
        for column, names in self._edge:
            value = first(headers, *names)
            columns[column] = asn(value) if column == "client_asn" else value
        if order is not None:
            columns["header_order_hash"] = hash_text(json.dumps(order), self._key)
        return {name: value for name, value in columns.items() if value is not None}


def asn(value: Any) -> int | None:
    """Return a network's number, also from `AS15169`; null if there is none to read."""
    if isinstance(value, str):
        value = value.upper().removeprefix("AS").split(" ")[0]
    try:
        number = None if value is None else to_integer(value)
    except RecordError:
        return None
    return number if number is not None and 0 <= number < 1 << 31 else None


def _sdk(headers: Headers) -> str | None:
    version = first(headers, "x-stainless-package-version")
    language = first(headers, "x-stainless-lang")
    if version is None:
        return first(headers, "x-goog-api-client")
    return f"{language} {version}" if language else version
