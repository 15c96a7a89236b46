"""Every secret number that the kernel uses, derived from the deployment's key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from stillwatch.model.hashing import HashKey
from stillwatch.model.tables_between import MINHASH_BINS

SHINGLE_WORDS: Final = 5
"""Words of a MinHash shingle; a shorter text is one shingle."""
PHRASE_WORDS: Final = 6
"""Words of a phrase; a shorter text has none."""

# Places in `KernelKeys.numbers`.
WORD_SEED: Final = 0
WORD_FINISH: Final = 1
PLACEHOLDER: Final = 2
PROMPT_SEED: Final = 3
TEMPLATE_SEED: Final = 4
HEAD_SEED: Final = 5
TAIL_SEED: Final = 6
PHRASE_SEED: Final = 7
SHINGLE_SEED: Final = 8
GRAM_FACTOR: Final = 9
GRAM_SEED: Final = 10
TAG_SALT: Final = 11
CLIENT_SEED: Final = 12
SHINGLE_FACTORS: Final = 16
PHRASE_FACTORS: Final = SHINGLE_FACTORS + SHINGLE_WORDS
_NUMBERS: Final = PHRASE_FACTORS + PHRASE_WORDS


@dataclass(frozen=True, slots=True)
class KernelKeys:
    """The numbers behind the hashes, read-only, shared by all threads."""

    numbers: npt.NDArray[np.uint64]
    """All odd, so that each is a bijection when multiplied by."""
    ranks: npt.NDArray[np.uint32]
    """For an empty bin, a group of four bins and which of those are filled: a bit for the rank of
    each filled one in the order in which the empty bin looks for a filled one."""
    order: npt.NDArray[np.uint8]
    """Row b: the bins in the order in which an empty bin b looks for a filled one."""

    @classmethod
    def derive(cls, key: HashKey) -> KernelKeys:
        """Expand a deployment's key with keyed BLAKE2b in counter mode."""
        numbers = _expand(key, b"numbers", _NUMBERS) | np.uint64(1)
        draws = _expand(key, b"order", MINHASH_BINS * MINHASH_BINS)
        order = np.argsort(draws.reshape(MINHASH_BINS, MINHASH_BINS), axis=1, kind="stable")
        rank_bits = np.uint32(1) << np.argsort(order, axis=1).astype(np.uint32)
        ranks = np.zeros((MINHASH_BINS, MINHASH_BINS // 4, 16), dtype=np.uint32)
        for filled in range(16):
            for member in range(4):
                if filled >> member & 1:
                    ranks[:, :, filled] |= rank_bits[:, member::4]
        keys = cls(numbers, ranks, order.astype(np.uint8))
        for array in (keys.numbers, keys.ranks, keys.order):
            array.flags.writeable = False
        return keys


def _expand(key: HashKey, label: bytes, count: int) -> npt.NDArray[np.uint64]:
    """Return `count` 64-bit numbers that belong to this key and label alone."""
    blocks = [
        hashlib.blake2b(
            key.seed.to_bytes(8, "little") + block.to_bytes(8, "little"),
            key=key.secret,
            person=label.ljust(16, b"\0"),
        ).digest()
        for block in range(-(-count // 8))
    ]
    return np.frombuffer(b"".join(blocks), dtype="<u8")[:count].astype(np.uint64)
