"""The folder that a scan writes: an earlier scan's files go, nobody else's folder is touched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from stillwatch.errors import InputError, UsageError
from stillwatch.ingest import LogFile
from stillwatch.model.tables_out import REJECTED, RESULT_TABLES
from stillwatch.model.tables_picture import PICTURE_TABLES
from stillwatch.respond.report import REPORT_NAME

INTERMEDIATE: Final = "intermediate"
MARKER: Final = ".stillwatch"
"""File inside `intermediate` that says who made the folder."""
RECORD_NAME: Final = "scan.json"
_TABLES: Final = tuple(f"{name}.parquet" for name in (*RESULT_TABLES, *PICTURE_TABLES))
_RESULTS: Final = (RECORD_NAME, REPORT_NAME, *_TABLES)
"""The record goes first and comes last: where it stands, all tables are of one scan."""
_PASSING: Final = re.compile(r"fingerprints-\d+\.parquet|duckdb_temp.*|" + re.escape(MARKER))


class ResultFolder:
    """Holds a scan's results while they come into being; as a context it tidies up after errors.

    A scan that ends with an error leaves no result in the folder, neither its own nor an older
    one, but for `rejected.parquet`. A UsageError before `begin` leaves the folder as it was.
    """

    def __init__(self, out: Path, *, keep_intermediate: bool = False) -> None:
        self.out = out
        self.parts = out / INTERMEDIATE
        self.rejected: list[pa.Table] = []
        """Rows rejected so far; they are written however the scan ends."""
        self._keep = keep_intermediate
        self._begun = False

    def __enter__(self) -> Self:
        """Raise UsageError if `intermediate` is somebody else's; files named as results are ours."""
        if self.out.exists() and not self.out.is_dir():
            raise UsageError("this is no folder", source=str(self.out), hint="choose another --out")
        self._refuse_foreign_parts()
        return self

    def begin(self, inputs: Sequence[LogFile]) -> None:
        """Remove an earlier scan's results and make room; raises UsageError if an input is one."""
        names = {*_RESULTS}
        for file in inputs:
            path = Path(file.path)
            if not isinstance(file.filesystem, pafs.LocalFileSystem):
                continue
            if (path.name in names and path.resolve().parent == self.out.resolve()) or (
                _PASSING.fullmatch(path.name) and path.resolve().parent == self.parts.resolve()
            ):
                raise UsageError(
                    f"{path.name} is an input, and this scan would replace it",
                    source=str(self.out),
                    hint="choose another --out",
                )
        try:
            self._clear_results()
            self._clear_parts()
            self._begun = True
            self.parts.mkdir(parents=True, exist_ok=True)
            (self.parts / MARKER).write_text("made by stillwatch scan, which removes it again\n")
        except OSError as error:
            raise InputError(f"cannot be written: {error}", source=str(self.out)) from error

    def write(self, tables: Mapping[str, pa.Table]) -> None:
        """Write the tables and `rejected`: each comes into the folder whole, or not at all."""
        for name, table in {**tables, "rejected": self._sorted_rejected()}.items():
            draft = self.parts / f"{name}.parquet"
            pq.write_table(table, draft, compression="zstd")
            draft.replace(self.out / draft.name)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None and (self._begun or not isinstance(error, UsageError)):
            # What stopped the scan, such as a full disk, may stop this too; the first error is told.
            with suppress(OSError):
                self._clear_results()
                if self._begun:
                    self.write({})
        if self._begun and not self._keep:
            self._clear_parts()

    def _sorted_rejected(self) -> pa.Table:
        rejected = pa.concat_tables([REJECTED.empty_table(), *self.rejected])
        return rejected.sort_by([(name, "ascending") for name in REJECTED.names])

    def _clear_results(self) -> None:
        for name in _RESULTS:
            (self.out / name).unlink(missing_ok=True)

    def _clear_parts(self) -> None:
        """Remove our files of `intermediate`, and the folder if nothing else is in it."""
        if self.parts.is_dir():
            # The marker goes last: a scan that is stopped here leaves a folder known as ours.
            ours = [path for path in self.parts.iterdir() if _is_part(path)]
            for path in sorted(ours, key=lambda path: path.name == MARKER):
                path.unlink(missing_ok=True)
            with suppress(OSError):  # Somebody put a file of their own there meanwhile.
                self.parts.rmdir()

    def _refuse_foreign_parts(self) -> None:
        said = None
        if self.parts.is_symlink() or (self.parts.exists() and not self.parts.is_dir()):
            said = "this is no folder of an earlier scan"
        elif self.parts.is_dir() and any(self.parts.iterdir()):
            strange = sorted(path.name for path in self.parts.iterdir() if not _is_part(path))
            if strange:
                said = f"this folder holds {strange[0]}, which no scan wrote"
            elif not (self.parts / MARKER).is_file():
                said = "this folder is not known to be of an earlier scan"
        if said is not None:
            raise UsageError(
                said,
                source=str(self.parts),
                hint="a scan keeps its fingerprints there and removes them afterwards; "
                "move the folder away, or choose another --out",
            )


def _is_part(path: Path) -> bool:
    known = path.name in _RESULTS or _PASSING.fullmatch(path.name) is not None
    return known and path.is_file() and not path.is_symlink()
