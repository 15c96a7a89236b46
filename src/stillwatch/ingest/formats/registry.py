"""Which reader serves which format; the one list of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, cast

from stillwatch.ingest.detect_format import Detected
from stillwatch.ingest.formats.bedrock_log import BedrockRows
from stillwatch.ingest.formats.canonical import CanonicalRows
from stillwatch.ingest.formats.envelope import EnvelopeRows
from stillwatch.ingest.formats.litellm import LiteLLMRows
from stillwatch.ingest.formats.mapped import MappedRows
from stillwatch.ingest.formats.one_to_one import OneToOne, ToRow, Unrecognised
from stillwatch.ingest.formats.otlp import OtlpSpans
from stillwatch.ingest.mapping import read_mapping
from stillwatch.ingest.options import Format, IngestOptions
from stillwatch.ingest.outcomes import Converter, Outcome

_ROWS: Final[dict[Format, Callable[[IngestOptions], ToRow]]] = {
    "canonical": CanonicalRows,
    "litellm": LiteLLMRows,
    "envelope": EnvelopeRows,
    "bedrock": BedrockRows,
}


class Converters:
    """The readers of one run; each format's is made once, so that OTLP can join across files."""

    def __init__(self, options: IngestOptions) -> None:
        self._options = options
        self.mapping = read_mapping(options.mapping) if options.mapping is not None else None
        self._made: dict[Format, Converter] = {}

    def choose(self, detected: Detected) -> Detected:
        """Return what a file is read as, once the user's word has been heard."""
        wanted = cast("Format | None", self._options.format_in)
        if wanted is None and self.mapping is not None:
            wanted = "mapped"
        if wanted is None or detected.framing == "parquet":
            return detected
        framing = detected.framing
        if framing == "none" and wanted in ("mapped", "canonical") and detected.reason is not None:
            framing = "csv" if detected.text else "none"
        return replace(detected, format=wanted, framing=framing)

    @property
    def delimiter(self) -> str | None:
        """What separates CSV fields, where a mapping says so."""
        return None if self.mapping is None else self.mapping.delimiter

    def of(self, detected: Detected) -> Converter:
        """Return the reader of a format."""
        if detected.format in ("unrecognised", "parquet"):
            return Unrecognised(detected.reason or "not a record of any known log format")
        if detected.format not in self._made:
            self._made[detected.format] = self._make(detected.format)
        return self._made[detected.format]

    def mapped_columns(self, names: Iterable[str]) -> list[str]:
        """Return those columns of a Parquet file in which a mapping's paths begin."""
        paths = set() if self.mapping is None else self.mapping.paths()
        if self._options.account_field is not None:
            paths.add(self._options.account_field)
        return [name for name in names if any(p == name or p.startswith(f"{name}.") for p in paths)]

    def flush(self) -> Iterable[Outcome]:
        """Return what readers still hold."""
        for converter in self._made.values():
            yield from converter.flush()

    def _make(self, name: Format) -> Converter:
        if name == "otlp":
            return OtlpSpans(self._options)
        source = self._options.source or name
        if name == "mapped" and self.mapping is not None:
            source = self._options.source or self.mapping.source or "mapped"
            return OneToOne(MappedRows(self.mapping, self._options), source)
        return OneToOne(_ROWS[name](self._options), source)
