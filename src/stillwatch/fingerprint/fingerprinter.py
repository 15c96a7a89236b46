"""Exchanges in, fingerprints out: the one place where text turns into what may be kept."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.errors import InputError
from stillwatch.fingerprint.client import client_keys
from stillwatch.fingerprint.kernel import KEYS_ONLY
from stillwatch.fingerprint.texts import TEXT_COLUMNS, TextReader, encode_texts
from stillwatch.model.hashing import HashKey
from stillwatch.model.tables_between import FINGERPRINTS


class Fingerprinter:
    """Turns batches of `exchanges` into batches of `fingerprints`; safe to use from many threads.

    A row's fingerprint depends on that row and the key alone.
    """

    def __init__(self, key: HashKey) -> None:
        self._reader = _reader(key)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch without its text and with the kernel's columns.

        Columns that may be null may be absent. Raises InputError if another one is missing.
        """
        kernel = dict(
            zip(
                TEXT_COLUMNS.names,
                self._reader.text_columns(_column(batch, "prompt", pa.string())),
                strict=True,
            )
        )
        kernel["system_key"] = _system_keys(
            _column(batch, "system_prompt", pa.string()), self._reader
        )
        kernel["client_key"] = client_keys(batch, self._reader)
        columns = []
        for field in FINGERPRINTS:
            if field.name in kernel:
                columns.append(kernel[field.name])
                continue
            if field.name not in batch.schema.names and not field.nullable:
                raise InputError(
                    f"the exchanges have no column {field.name}",
                    hint="see the schema of `exchanges` in docs/reference",
                )
            column = _column(batch, field.name, field.type)
            columns.append(column if column.type == field.type else pc.cast(column, field.type))
        return pa.RecordBatch.from_arrays(columns, schema=FINGERPRINTS)


def fingerprint_text(prompts: pa.Array, key: HashKey) -> pa.RecordBatch:
    """Return the columns that the kernel makes of prompts alone."""
    return pa.RecordBatch.from_arrays(_reader(key).text_columns(prompts), schema=TEXT_COLUMNS)


@lru_cache(maxsize=8)
def _reader(key: HashKey) -> TextReader:
    """Return the kernel for a key; compiling the lexicon takes a moment."""
    return TextReader.create(key)


def _column(batch: pa.RecordBatch, name: str, kind: pa.DataType) -> pa.Array:
    """Return a column, or nulls where the batch has none."""
    if name in batch.schema.names:
        return batch.column(name)
    return pa.nulls(batch.num_rows, kind)


def _system_keys(prompts: pa.Array, reader: TextReader) -> pa.Array:
    """Return the template of each system prompt, or its word hash where little is stable.

    A deployment sends few different system prompts, so each is read once a batch.
    """
    encoded = encode_texts(prompts)
    made = reader.hash_texts(encoded.dictionary, KEYS_ONLY)
    values = np.where(made.present[:, 1], made.keys[:, 1], made.keys[:, 0])
    return pa.array(values, mask=made.counts == 0).take(encoded.indices)
