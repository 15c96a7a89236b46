"""Arrow text in, the kernel's columns out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.fingerprint.characters import ascii_table
from stillwatch.fingerprint.kernel import (
    EVERYTHING,
    KEY_COUNT,
    WORDS_ONLY,
    fingerprint_rows,
)
from stillwatch.fingerprint.keys import KernelKeys
from stillwatch.fingerprint.lexicon import TOTALS_SIZE, Lexicon, load_entries
from stillwatch.fingerprint.surroundings import AROUND_SIZE, IN_TAG
from stillwatch.fingerprint.unicode_table import load_points
from stillwatch.model.hashing import HashKey
from stillwatch.model.tables_between import KERNEL_COLUMNS, MINHASH_BINS, PHRASES_KEPT

TEXT_COLUMNS: Final = pa.schema(
    [field for field in KERNEL_COLUMNS if field.name not in ("system_key", "client_key")]
)
"""The kernel's columns that come from the prompt."""


@dataclass(frozen=True, slots=True)
class TextHashes:
    """What the kernel makes of an array of texts, one NumPy row a text."""

    valid: npt.NDArray[np.bool_]
    counts: npt.NDArray[np.int32]
    keys: npt.NDArray[np.int64]
    """Prompt hash, template, head, tail, hash without digits."""
    present: npt.NDArray[np.bool_]
    phrases: npt.NDArray[np.uint64]
    phrase_counts: npt.NDArray[np.int32]
    minhash: npt.NDArray[np.uint8]
    features: npt.NDArray[np.int32]
    capabilities: npt.NDArray[np.int64]

    @classmethod
    def allocate(cls, valid: npt.NDArray[np.bool_], mode: int) -> Self:
        """Return zeros for each text; columns that the mode does not fill stay at one row."""
        rows = len(valid)
        keyed = 1 if mode == WORDS_ONLY else rows
        full = rows if mode == EVERYTHING else 1
        return cls(
            valid=valid,
            counts=np.zeros(rows, dtype=np.int32),
            keys=np.zeros((keyed, KEY_COUNT), dtype=np.int64),
            present=np.zeros((keyed, 4), dtype=np.bool_),
            phrases=np.zeros((full, PHRASES_KEPT), dtype=np.uint64),
            phrase_counts=np.zeros(full, dtype=np.int32),
            minhash=np.zeros((full, MINHASH_BINS), dtype=np.uint8),
            features=np.zeros(full, dtype=np.int32),
            capabilities=np.zeros(full, dtype=np.int64),
        )


@dataclass(frozen=True, slots=True)
class TextReader:
    """The kernel with one deployment's keys and lexicon; safe to use from many threads."""

    keys: KernelKeys
    lexicon: Lexicon

    @classmethod
    def create(cls, key: HashKey) -> Self:
        """Derive the keys and compile the lexicon."""
        keys = KernelKeys.derive(key)
        bare = cls(keys, Lexicon.compile((), keys.numbers, lambda _: ([], [])))
        return cls(keys, Lexicon.compile(load_entries(), keys.numbers, bare.read_words))

    def hash_texts(self, texts: pa.Array, mode: int) -> TextHashes:
        """Run the kernel; texts that may not be in NFC are brought to it and run once more."""
        if pa.types.is_dictionary(texts.type):
            texts = texts.dictionary_decode()
        if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
            texts = pc.cast(texts, pa.large_string())
        made = TextHashes.allocate(texts.is_valid().to_numpy(zero_copy_only=False), mode)
        retry = np.zeros(len(texts), dtype=np.bool_)
        self._call(texts, np.flatnonzero(made.valid), mode, False, made, retry)
        if retry.any():
            chosen = pc.if_else(pa.array(retry), texts, pa.scalar("", texts.type))
            normal = pc.utf8_normalize(chosen, form="NFC")
            self._call(normal, np.flatnonzero(retry), mode, True, made, retry)
        return made

    def read_words(self, texts: list[str]) -> tuple[list[npt.NDArray[np.uint64]], list[bool]]:
        """Return the word hashes of each text, and whether its first word is in a tag."""
        normal = pc.utf8_normalize(pa.array(texts, pa.string()), form="NFC")
        rows = len(normal)
        made = TextHashes.allocate(np.ones(rows, dtype=np.bool_), WORDS_ONLY)
        retry = np.zeros(rows, dtype=np.bool_)
        hashes, flags = self._call(normal, np.arange(rows), WORDS_ONLY, True, made, retry)
        ends = np.cumsum(made.counts)
        starts = ends - made.counts
        spans = list(zip(starts, ends, strict=True))
        return (
            [hashes[start:end] for start, end in spans],
            [bool(start < end and flags[start] & IN_TAG) for start, end in spans],
        )

    def text_columns(self, prompts: pa.Array) -> list[pa.Array]:
        """Return the prompt's columns in the order of `TEXT_COLUMNS`."""
        made = self.hash_texts(prompts, EVERYTHING)
        return [
            pa.array(made.counts),
            *(pa.array(made.keys[:, k], mask=~made.present[:, k]) for k in range(4)),
            _lists(made.phrases, made.phrase_counts),
            _cells(made.minhash, made.counts > 0),
            pa.array(made.features),
            pa.array(made.capabilities),
        ]

    def _call(
        self,
        texts: pa.Array,
        rows: npt.NDArray[np.int64],
        mode: int,
        trusted: bool,
        made: TextHashes,
        retry: npt.NDArray[np.bool_],
    ) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]]:
        """Call the compiled kernel; return the scratch with word hashes and flags."""
        data, offsets = _buffers(texts)
        lengths = np.diff(offsets)
        # Two words have a byte between them, or one of them is a letter of three bytes.
        if mode == WORDS_ONLY:
            room = int(lengths.sum()) // 2 + len(rows) + 2
        else:
            room = int(lengths.max(initial=0)) // 2 + 2
        hashes = np.empty(room, dtype=np.uint64)
        flags = np.empty(room, dtype=np.uint8)
        fingerprint_rows(
            mode,
            trusted,
            data,
            offsets,
            rows,
            (
                ascii_table(),
                load_points(),
                self.keys.numbers,
                self.keys.ranks,
                self.keys.order,
            ),
            self.lexicon.arrays(),
            (
                hashes,
                flags,
                np.empty(room, dtype=np.uint64),
                np.empty(room, dtype=np.uint64),
                np.empty(MINHASH_BINS, dtype=np.uint64),
                np.zeros(len(self.lexicon.lines), dtype=np.int64),
                np.zeros(TOTALS_SIZE, dtype=np.int64),
                np.zeros(AROUND_SIZE, dtype=np.int64),
            ),
            (
                made.counts,
                made.keys,
                made.present,
                made.phrases,
                made.phrase_counts,
                made.minhash,
                made.features,
                made.capabilities,
                retry,
            ),
        )
        return hashes, flags


def encode_texts(texts: pa.Array) -> pa.DictionaryArray:
    """Return a string array with each distinct text once and no null among the distinct texts."""
    if pa.types.is_dictionary(texts.type):
        texts = texts.dictionary_decode()
    return texts.dictionary_encode()


def _lists(values: npt.NDArray[np.uint64], counts: npt.NDArray[np.int32]) -> pa.Array:
    """Return the first `counts` values of each row as lists of int64."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=offsets[1:])
    kept = np.arange(values.shape[1]) < counts[:, np.newaxis]
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values[kept].view(np.int64)))


def _cells(values: npt.NDArray[np.uint8], valid: npt.NDArray[np.bool_]) -> pa.Array:
    """Return each row of bytes as one fixed-size binary cell."""
    bitmap = pa.array(valid).buffers()[1]
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(values.shape[1]), len(valid), [bitmap, pa.py_buffer(values)]
    )


def _buffers(texts: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return the bytes and offsets of a string array, whatever its slice."""
    wide = pa.types.is_large_string(texts.type)
    _, offset_buffer, data_buffer = texts.buffers()
    kind = np.dtype(np.int64 if wide else np.int32)
    if offset_buffer is None or len(texts) == 0:
        offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    else:
        start = texts.offset * kind.itemsize
        offsets = np.frombuffer(
            offset_buffer, dtype=kind, count=len(texts) + 1, offset=start
        ).astype(np.int64)
    empty = data_buffer is None or data_buffer.size == 0
    data = np.frombuffer(b"\0" if empty else data_buffer, dtype=np.uint8)
    data.flags.writeable = False
    return data, offsets
