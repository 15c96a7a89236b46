"""The hot loop: one call over many texts, straight on the Arrow buffers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from stillwatch.fingerprint.jit import entry, source_digest
from stillwatch.fingerprint.keys import CLIENT_SEED
from stillwatch.fingerprint.lexicon import score
from stillwatch.fingerprint.minhash import shingle, sketch
from stillwatch.fingerprint.phrases import (
    fold_variable,
    has_variable,
    pick_phrases,
    shingle_phrases,
)
from stillwatch.fingerprint.surroundings import NOT_NFC
from stillwatch.fingerprint.template import hash_without_digits, write_keys
from stillwatch.fingerprint.words import read_words

EVERYTHING: Final = 0
"""All columns."""
KEYS_ONLY: Final = 1
"""Words, prompt hash, template, head, tail; and the hash without digits in the last key."""
WORDS_ONLY: Final = 2
"""Word counts; the word hashes and flags of all rows stay in the scratch, one after another."""

KEY_COUNT: Final = 5


def _make_kernel(digest: int) -> Callable[..., None]:
    """Return the kernel, tied to the sources that it was compiled from."""

    @entry
    def fingerprint_rows(
        mode: int,
        trusted: bool,
        data: Any,
        offsets: Any,
        rows: Any,
        tables: Any,
        lexicon: Any,
        scratch: Any,
        columns: Any,
    ) -> None:
        """Fingerprint each row of `rows` into `columns`; mark rows whose text may not be NFC."""
        if digest == 0:
            return
        bytes_table, points, numbers, ranks, order = tables
        hashes, flags, spare, shingles, bins, seen, totals, around = scratch
        counts, keys, present, phrases, phrase_counts, minhash, features, scores, retry = columns
        used = 0
        for k in range(rows.size):
            row = rows[k]
            count, found = read_words(
                data,
                offsets[row],
                offsets[row + 1],
                trusted,
                bytes_table,
                points,
                numbers,
                hashes[used:],
                flags[used:],
                around,
            )
            if found & NOT_NFC:
                retry[row] = True
                continue
            counts[row] = count
            if mode == WORDS_ONLY:
                used += count
                continue
            write_keys(hashes, flags, count, numbers, spare, keys[row], present[row])
            if mode == KEYS_ONLY:
                plain = hash_without_digits(hashes, flags, count, numbers[CLIENT_SEED])
                keys[row, KEY_COUNT - 1] = np.int64(plain)
                continue
            if count == 0:
                continue
            variable = has_variable(flags, count)
            if variable:
                length = fold_variable(hashes, flags, count, numbers, spare)
                made = shingle_phrases(spare, length, variable, numbers, shingles)
            else:
                made = shingle_phrases(hashes, count, variable, numbers, shingles)
            phrase_counts[row] = pick_phrases(shingles, made, phrases[row])
            made = shingle(hashes, count, numbers, shingles)
            sketch(shingles, made, ranks, order, bins, minhash[row])
            bits, packed = score(
                lexicon, hashes, flags, count, found, numbers, k + 1, shingles, seen, totals
            )
            features[row] = bits
            scores[row] = np.int64(packed)

    return fingerprint_rows


fingerprint_rows: Final = _make_kernel(source_digest())
