"""MinHash libraries at their best: the fastest calls that each offers, one thread.

Each gets the same job as the kernel's smallest part: five-word shingles of every text, 24 values a
text. Splitting into words and shingles has to happen in Python, with the fastest means there are.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator

import numpy as np
import rensa
from datasketch import MinHash

from stillwatch.model.tables_between import MINHASH_BINS

SEED = 42
_WORDS = re.compile(r"\w+")


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    """Return the runs of five words; tuples, since joining them to strings takes longer."""
    words = _WORDS.findall(text.lower())
    if len(words) < 5:
        return iter((tuple(words),))
    return zip(words, words[1:], words[2:], words[3:], words[4:], strict=False)


def _joined(text: str) -> list[str]:
    return list(map(" ".join, _shingles(text)))


def _encoded(text: str) -> list[bytes]:
    return [" ".join(shingle).encode() for shingle in _shingles(text)]


def _flat_hashes(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return Python's own hash of every shingle, and where each text ends."""
    parts = [np.fromiter(map(hash, _shingles(text)), dtype=np.int64) for text in texts]
    ends = np.cumsum([0] + [len(part) for part in parts]).astype(np.uint64)
    return np.concatenate(parts).view(np.uint64), ends


def rensa_tokens(texts: list[str]) -> object:
    """Return R-MinHash digests of string tokens, in one call."""
    tokens = [_joined(text) for text in texts]
    return rensa.RMinHash.digest_matrix_from_token_sets(tokens, MINHASH_BINS, SEED)


def rensa_hashes(texts: list[str]) -> object:
    """Return R-MinHash digests of one flat buffer of token hashes."""
    hashes, ends = _flat_hashes(texts)
    return rensa.RMinHash.digest_matrix_from_flat_token_hashes(hashes, ends, MINHASH_BINS, SEED)


def rensa_rho(texts: list[str]) -> object:
    """Return the digests of rensa's one-permutation sketch, from token hashes."""
    hashes, ends = _flat_hashes(texts)
    return rensa.RMinHash.digest_matrix_from_flat_token_hashes_rho(hashes, ends, MINHASH_BINS, SEED)


def datasketch_bulk(texts: list[str]) -> object:
    """Return datasketch MinHashes, with the fastest hash function of the standard library."""
    return MinHash.bulk(
        [_encoded(text) for text in texts], num_perm=MINHASH_BINS, seed=SEED, hashfunc=zlib.crc32
    )


PEERS: dict[str, Callable[[list[str]], object]] = {
    "rensa, tokens": rensa_tokens,
    "rensa, token hashes": rensa_hashes,
    "rensa, rho, token hashes": rensa_rho,
    "datasketch, bulk": datasketch_bulk,
}
