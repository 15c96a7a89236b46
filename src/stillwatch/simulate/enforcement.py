"""What a provider does to accounts at the beginning of a slice of time."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Enforcement:
    """One wave of enforcement, in effect from the beginning of the slice that it is given to.

    Ids that no account has raise UsageError; an account that is suspended already stays so.
    """

    suspended: frozenset[str] = field(default_factory=frozenset)
    """Ids of accounts whose requests are refused from now on."""
