"""OpenTelemetry GenAI spans, joined by trace with the HTTP server span that knows the client."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from stillwatch.ingest.formats.otlp_columns import SpanColumns, is_model_call, is_not_a_call
from stillwatch.ingest.formats.otlp_json import Span, events_of, spans_of
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.outcomes import Bad, Good, LeftOut, Outcome, Parsed, Place, RecordError

_SERVER: Final = 2
_DETAILS: Final = "gen_ai.client.inference.operation.details"
_SERVERS_KEPT: Final = 4
"""How many times more server spans than model spans are remembered: they are small."""
_SERVER_MARKS: Final = ("http.request.method", "http.method", "http.route", "url.path")


@dataclass(slots=True)
class _Held:
    place: Place
    span: Span
    spans: int
    """1 for a span, 0 while only an event has told of it."""


class OtlpSpans:
    """Holds model spans until their trace's server span and their details can have come.

    At most `join_spans` model spans are held; the oldest then goes as it is. The end of the
    input releases the rest. An exchange whose server span never came keeps what its own span says;
    it is rejected only if that does not say whose it is.
    """

    def __init__(self, options: IngestOptions) -> None:
        self._columns = SpanColumns(options)
        self._limit = options.join_spans
        self._held: OrderedDict[tuple[str, str], _Held] = OrderedDict()
        self._servers: OrderedDict[str, Span] = OrderedDict()

    def convert(self, parsed: Parsed) -> Iterable[Outcome]:
        """Take one export request."""
        record, place = parsed.record, parsed.place
        if not isinstance(record, dict) or not any(
            name in record
            for name in (
                "resourceSpans",
                "resource_spans",
                "resourceLogs",
                "resource_logs",
                "resourceMetrics",
            )
        ):
            raise RecordError("neither resourceSpans nor resourceLogs: not an OTLP export request")
        for span in spans_of(record):
            yield from self._take_span(span, place)
        for event in events_of(record):
            yield from self._take_event(event, place)
        while len(self._held) > self._limit:
            yield self._release(self._held.popitem(last=False)[1])

    def flush(self) -> Iterator[Outcome]:
        """Release every span that is still held."""
        while self._held:
            yield self._release(self._held.popitem(last=False)[1])

    def _take_span(self, span: Span, place: Place) -> Iterator[Outcome]:
        if is_model_call(span.attributes):
            key = (span.trace, span.identity)
            before = self._held.get(key)
            if before is None:
                self._held[key] = _Held(place, span, 1)
            elif before.spans == 0:
                attributes = {**before.span.attributes, **span.attributes}
                self._held[key] = _Held(place, replace(span, attributes=attributes), 1)
            elif before.span == span:
                yield LeftOut("repeated_span")
            else:
                # Same ids, other content: both go on, and the duplicate rule decides.
                yield self._release(_Held(place, span, 1))
            return
        if _is_server(span):
            self._remember(span)
        yield LeftOut("no_model_call" if is_not_a_call(span.attributes) else "other_span")

    def _take_event(self, event: Span, place: Place) -> Iterator[Outcome]:
        if event.name != _DETAILS or not event.identity:
            yield LeftOut("other_event")
            return
        key = (event.trace, event.identity)
        before = self._held.get(key)
        if before is None:
            self._held[key] = _Held(place, event, 0)
        else:
            before.span.attributes = {**event.attributes, **before.span.attributes}
            yield LeftOut("joined_event")

    def _remember(self, span: Span) -> None:
        before = self._servers.get(span.trace)
        if before is None or (span.start, span.identity) < (before.start, before.identity):
            self._servers[span.trace] = span
        while len(self._servers) > self._limit * _SERVERS_KEPT:
            self._servers.popitem(last=False)

    def _release(self, held: _Held) -> Outcome:
        span = held.span
        if held.spans == 0 and not is_model_call(span.attributes):
            return LeftOut("other_event")
        server = self._servers.get(span.trace) if span.trace else None
        shown = {"traceId": span.trace, "spanId": span.identity, "attributes": span.attributes}
        try:
            return Good(held.place, self._columns.of(span, server), shown)
        except RecordError as error:
            missing = "" if server is not None else "; its HTTP server span never came"
            return Bad(held.place, f"{error}{missing}", shown)
        except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
            return Bad(held.place, f"cannot be understood ({type(error).__name__}: {error})", shown)


def _is_server(span: Span) -> bool:
    return span.kind == _SERVER and any(name in span.attributes for name in _SERVER_MARKS)
