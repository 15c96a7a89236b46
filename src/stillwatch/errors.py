"""Every error that Stillwatch raises on purpose, with one root."""

from __future__ import annotations


class StillwatchError(Exception):
    """An error that a user can act on: what went wrong, where, and what to do about it."""

    exit_code: int = 3

    def __init__(
        self,
        message: str,
        *,
        source: str | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        where = ""
        if self.source is not None:
            where = f"{self.source}:{self.line}: " if self.line is not None else f"{self.source}: "
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{where}{self.message}{hint}"


class UsageError(StillwatchError):
    """The command or a setting was given something that it cannot mean (exit code 2)."""

    exit_code = 2


class InputError(StillwatchError):
    """A log, account file or world could not be read (exit code 3)."""


class TooManyRejected(InputError):
    """More rows were rejected than `--max-rejected` allows (exit code 3)."""


class EngineError(StillwatchError):
    """The engine could not run a query: a missing table, no memory, no disk (exit code 3)."""


class MissingExtra(UsageError):
    """An optional part is not installed; the message names the extra that brings it."""
