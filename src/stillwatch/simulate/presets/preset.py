"""A world before it is made: who is in it, from when, for how long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Protocol

from stillwatch.errors import UsageError
from stillwatch.simulate.calendar import BEGINNING
from stillwatch.simulate.records import Release
from stillwatch.simulate.stage import Stage


class Cast(Protocol):
    """One population or operator with its knobs."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def accounts(self) -> int:
        """How many accounts it has at scale 1."""

    @property
    def population(self) -> str:
        """The word that truth uses for its accounts."""

    def populate(self, stage: Stage) -> None:
        """Put its accounts and speakers on the stage."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A world: who is in it, when it begins, and for how many days it runs."""

    name: str
    summary: str
    days: int
    casts: tuple[Cast, ...]
    beginning: datetime = BEGINNING
    releases: tuple[Release, ...] = ()
    """Models that become available while the world runs."""
    models: str = ""
    """What it stands for, in one sentence."""
    source: str = ""
    """Where its figures come from."""
    guessed: tuple[str, ...] = ()
    """What no source says."""

    def __post_init__(self) -> None:
        """Raise UsageError where two casts would draw the very same accounts."""
        names = [(cast.population, getattr(cast, "name", "")) for cast in self.casts]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            what, name = twice[0]
            raise UsageError(
                f"two campaigns are called {name!r}" if name else f"{what!r} is there twice",
                hint="give campaigns different names, and each population once",
            )

    def scaled(self, scale: float) -> Preset:
        """Return the preset with every cast's accounts multiplied; a day's requests each stay."""
        return replace(
            self,
            casts=tuple(
                replace(cast, accounts=max(1, round(cast.accounts * scale))) for cast in self.casts
            ),
        )

    def with_innocents(self, accounts: int) -> Preset:
        """Return the preset with so many innocent accounts, each population in its proportion."""
        innocent = [cast for cast in self.casts if cast.population != "campaign"]
        now = sum(cast.accounts for cast in innocent)
        if not now:
            return self
        sizes = [max(1, cast.accounts * accounts // now) for cast in innocent]
        # What rounding down leaves over goes to the largest population.
        largest = max(range(len(sizes)), key=lambda k: sizes[k])
        sizes[largest] = max(1, sizes[largest] + accounts - sum(sizes))
        resized = iter([replace(c, accounts=size) for c, size in zip(innocent, sizes, strict=True)])
        return replace(
            self,
            casts=tuple(
                cast if cast.population == "campaign" else next(resized) for cast in self.casts
            ),
        )
