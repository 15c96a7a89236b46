"""Canonical text and keyed 64-bit hashes: the one place that says what equal text means.

Hashes are int64 (two's complement). They are keyed per deployment, because unkeyed 64-bit hashes
invite dictionary reversal and forged collisions. Changing anything here changes `HASH_VERSION`
and the golden vectors in the tests.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

import rfc8785

HASH_VERSION: Final = 1
_SIGN: Final = 1 << 63
_WRAP: Final = 1 << 64
_HEX: Final = re.compile("[0-9a-fA-F]{16}")


@dataclass(frozen=True, slots=True)
class HashKey:
    """A deployment's hash key in the two forms that hashing needs."""

    secret: bytes
    """32 bytes, for the keyed BLAKE2b of whole messages."""
    seed: int
    """64 bits, unsigned, that seed the kernel's rolling hashes."""

    def derived(self, purpose: str) -> int:
        """Return 31 bits that follow from the key for one purpose and give none of it away."""
        digest = hashlib.blake2b(purpose.encode(), digest_size=4, key=self.secret).digest()
        return int.from_bytes(digest, "little") >> 1

    @classmethod
    def from_text(cls, text: str) -> HashKey:
        """Derive both forms from the configured key text."""
        digest = hashlib.blake2b(text.encode(), digest_size=40, person=b"stillwatch-key").digest()
        return cls(secret=digest[:32], seed=int.from_bytes(digest[32:], "little"))


def canonical_text(text: str) -> str:
    """Return text in NFC with every run of white space folded to one space, ends trimmed."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text).split())


def canonical_json(value: Any) -> str:
    """Return a JSON value in RFC 8785 form, so that equal tool calls are equal text."""
    return rfc8785.dumps(value).decode()


def hash_text(text: str, key: HashKey) -> int:
    """Return the keyed int64 hash of canonical text (BLAKE2b, RFC 7693, 8-byte digest)."""
    data = canonical_text(text).encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(data, digest_size=8, key=key.secret).digest()
    return to_signed(int.from_bytes(digest, "little"))


def to_signed(value: int) -> int:
    """Return the two's complement int64 of an unsigned 64-bit value."""
    return value - _WRAP if value >= _SIGN else value


def to_hex(value: int) -> str:
    """Return a hash as the 16 hex digits that JSON carries."""
    return f"{value % _WRAP:016x}"


def from_hex(text: str) -> int:
    """Return the int64 hash of its 16 hex digits; raises ValueError on anything else."""
    if _HEX.fullmatch(text) is None:
        raise ValueError(f"a hash is 16 hex digits, not {text!r}")
    return to_signed(int(text, 16))
