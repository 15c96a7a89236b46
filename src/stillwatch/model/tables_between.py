"""Schema of the fingerprint table: what is kept of an exchange once its text is gone."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from stillwatch.model.tables_in import EXCHANGES, RAW_TEXT

MINHASH_BINS: Final = 24
PHRASES_KEPT: Final = 4

KERNEL_COLUMNS: Final = pa.schema(
    [
        pa.field("words", pa.int32(), nullable=False),
        pa.field("prompt_hash", pa.int64()),
        pa.field("template_key", pa.int64()),
        pa.field("head_key", pa.int64()),
        pa.field("tail_key", pa.int64()),
        pa.field("phrases", pa.list_(pa.int64()), nullable=False),
        pa.field("minhash", pa.binary(MINHASH_BINS)),
        pa.field("system_key", pa.int64()),
        pa.field("client_key", pa.int64()),
        pa.field("features", pa.int32(), nullable=False),
        pa.field("capabilities", pa.int64(), nullable=False),
    ]
)
"""What the fingerprint kernel makes of one exchange: at most 120 bytes a row.

`phrases` holds at most `PHRASES_KEPT` hashes; `minhash` one byte a bin; `capabilities` one byte
(0–255) per capability, lowest byte first, in the order of `vocabulary.CAPABILITIES`; `features`
one bit per feature in the order of `vocabulary.FEATURES`. Null means there was no text to read.
"""

FINGERPRINTS: Final = pa.schema(
    [field for field in EXCHANGES if field.name not in RAW_TEXT] + list(KERNEL_COLUMNS)
)
"""`exchanges` without raw text, then the kernel's columns."""
