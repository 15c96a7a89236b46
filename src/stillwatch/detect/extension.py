"""Kinds that installed packages offer beside the built-in ones, through entry points."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Protocol, TypeVar

from stillwatch.errors import UsageError


class Named(Protocol):
    """What can be told apart by its name."""

    @property
    def name(self) -> str:
        """A name that no other of its sort has."""


Kind = TypeVar("Kind", bound=Named)


def with_extensions(built_in: Sequence[Kind], kind_of: type[Kind], group: str) -> tuple[Kind, ...]:
    """Return the built-in kinds, then those of an entry point group in the order of their names.

    Raises UsageError for an entry point that is no such kind, and for two kinds of one name.
    """
    kinds = list(built_in)
    for entry in sorted(entry_points(group=group), key=lambda e: e.name):
        kind = entry.load()
        if not isinstance(kind, kind_of):
            raise UsageError(
                f"entry point {entry.name!r} of {group} is not a {kind_of.__name__}",
                source=entry.value,
                hint=f"point it at an instance of {kind_of.__module__}.{kind_of.__name__}",
            )
        kinds.append(kind)
    names = [kind.name for kind in kinds]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise UsageError(f"two of {group} are called {', '.join(repeated)}")
    return tuple(kinds)
