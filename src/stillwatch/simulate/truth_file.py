"""The campaign exchanges of a world, sorted by id on disk, so that memory does not grow."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.model.tables_in import TRUTH_EXCHANGES
from stillwatch.simulate.columns import hexadecimal

_BITS: Final = 6
_ROW: Final = np.dtype([("name", "u8"), ("campaign", "i4")])


class TruthFile:
    """Collects names of exchanges in 64 temporary files by their first bits; sorts each at the end.

    An exchange's id is the hexadecimal form of its name, so their orders are the same.
    """

    def __init__(self, path: Path, campaigns: list[str]) -> None:
        """Take the file to write and the ids of the campaigns by their row."""
        self._path, self._campaigns = path, campaigns
        # Made beside the file, as the system's own temporary folder may be small.
        self._folder = tempfile.TemporaryDirectory(prefix=".truth-", dir=path.parent)
        self._spools = [
            (Path(self._folder.name) / f"{k:02d}").open("w+b") for k in range(1 << _BITS)
        ]
        self.rows = 0

    def add(self, names: npt.NDArray[np.uint64], campaigns: npt.NDArray[np.int64]) -> None:
        """Add exchanges by their 64-bit names, with the row of each one's campaign."""
        self.rows += len(names)
        rows = np.empty(len(names), _ROW)
        rows["name"], rows["campaign"] = names, campaigns
        bucket = (names >> np.uint64(64 - _BITS)).astype(np.int64)
        rows = rows[np.argsort(bucket, kind="stable")]
        ends = np.cumsum(np.bincount(bucket, minlength=1 << _BITS)).tolist()
        for spool, begin, end in zip(self._spools, [0, *ends], ends, strict=False):
            if end > begin:
                spool.write(rows[begin:end].tobytes())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._write()
        for spool in self._spools:
            spool.close()
        self._folder.cleanup()

    def _write(self) -> None:
        ids = pa.array(self._campaigns, pa.string())
        with pq.ParquetWriter(self._path, TRUTH_EXCHANGES, compression="zstd") as writer:
            for spool in self._spools:
                spool.seek(0)
                rows = np.frombuffer(spool.read(), _ROW)
                rows = rows[np.argsort(rows["name"], kind="stable")]
                columns = [hexadecimal("x", rows["name"]), ids.take(pa.array(rows["campaign"]))]
                writer.write_table(pa.Table.from_arrays(columns, schema=TRUTH_EXCHANGES))
