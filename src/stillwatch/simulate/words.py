"""Columns of words that come again and again: each distinct word once, and codes."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.model.tables_in import EXCHANGES
from stillwatch.simulate.columns import column

_MANY: Final = 4096
CODED: Final = frozenset(
    {
        "account_id",
        "source",
        "model",
        "pathway",
        "provider_region",
        "operation",
        "endpoint",
        "error_type",
        "error_scope",
        "system_prompt",
        "prompt_role",
        "client_address",
        "client_address_source",
        "client_country",
        "ja4",
        "http_fingerprint",
        "user_agent",
        "sdk_version",
    }
)
"""Columns of `exchanges` that are made of codes."""
CODED_EXCHANGES: Final = pa.schema(
    [
        pa.field(f.name, pa.dictionary(pa.int32(), f.type), f.nullable) if f.name in CODED else f
        for f in EXCHANGES
    ]
)
"""The canonical schema with those columns as Arrow dictionaries: as text in a file they are equal."""


class Words:
    """One word (or none) for each row of something that is written about."""

    def __init__(self, words: list[str | None] | pa.Array) -> None:
        """Take the words in the order of the rows."""
        encoded = pa.array(words, pa.string()).dictionary_encode()
        self._codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        self._texts = encoded.dictionary

    def of(
        self, which: npt.NDArray[Any], present: npt.NDArray[np.bool_] | None = None
    ) -> pa.DictionaryArray:
        """Return the words of the given rows; those not `present` are null."""
        codes = self._codes[which]
        if present is not None:
            codes = np.where(present, codes, np.int32(-1))
        known = codes >= 0
        texts = self._texts
        if len(texts) > _MANY:
            # A file holds the whole dictionary, so it had better hold only what is used.
            used = np.zeros(len(texts) + 1, bool)
            used[codes] = True
            places = np.flatnonzero(used[:-1])
            codes = (np.cumsum(used) - 1).astype(np.int32)[codes]
            texts = texts.take(column(places))
        codes = np.where(known, codes, np.int32(0))
        return pa.DictionaryArray.from_arrays(column(codes, known), texts)


def plain(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return a column in the given type, its words written out."""
    if pa.types.is_dictionary(values.type) and not pa.types.is_dictionary(kind):
        return values.dictionary.take(values.indices)
    return values if values.type == kind else values.cast(kind)
