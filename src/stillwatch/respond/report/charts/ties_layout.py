"""Where hubs and bundles of accounts stand in the picture of ties; equal input, equal places."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from stillwatch.model.tables_picture import PICTURED_ACCOUNTS
from stillwatch.respond.report.result import Tie

WIDTH: Final = 640.0
HEIGHT: Final = 500.0
MOST_HUBS: Final = 12
MOST_BUNDLES: Final = 160
DOT_SPACING: Final = 4.4
_HUB_SMALLEST: Final = 14.0
_HUB_GROWTH: Final = 8.0
_MARGIN: Final = 28.0
_PULL_IN: Final = 0.74
_CLEARANCE: Final = 6.0
_ROUNDS: Final = 240
_FAR: Final = 1e9
Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hub:
    """One tie, drawn as a disc on the ring."""

    tie: Tie
    code: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Bundle:
    """Accounts that hold exactly the same of the drawn ties."""

    accounts: tuple[str, ...]
    hubs: tuple[int, ...]
    """Places in the layout's `hubs`."""
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Layout:
    """What the picture draws, and how much it had to leave out."""

    hubs: tuple[Hub, ...]
    bundles: tuple[Bundle, ...]
    ties_left_out: int
    accounts_left_out: int
    """Accounts that hold a drawn tie but are past `MOST_BUNDLES` or `PICTURED_ACCOUNTS`."""

    @property
    def accounts_drawn(self) -> int:
        """Return how many dots there are."""
        return sum(len(bundle.accounts) for bundle in self.bundles)


def lay_out(ties: Sequence[Tie]) -> Layout:
    """Place `MOST_HUBS` ties on a ring, and inside it each bundle of accounts between its hubs.

    A bundle is drawn to the mean of its hubs and pushed off whatever it overlaps.
    """
    drawn = _ring_order(_chosen(ties))
    signatures: dict[str, list[int]] = {}
    for at, tie in enumerate(drawn):
        for account in tie.accounts:
            held = signatures.setdefault(account, [])
            if at not in held:
                held.append(at)
    gathered: dict[tuple[int, ...], list[str]] = {}
    for account in sorted(signatures):
        gathered.setdefault(tuple(signatures[account]), []).append(account)
    largest = sorted(gathered.items(), key=lambda item: (-len(item[1]), item[0]))
    kept: list[tuple[tuple[int, ...], list[str]]] = []
    room = PICTURED_ACCOUNTS
    for held_alike, names in largest[:MOST_BUNDLES]:
        if room:
            kept.append((held_alike, names[:room]))
            room -= len(kept[-1][1])
    hubs = _hubs(drawn)
    radii = np.array([DOT_SPACING * math.sqrt(len(names)) + 2.0 for _, names in kept])
    places = _settle(hubs, [held for held, _ in kept], radii)
    return Layout(
        hubs=hubs,
        bundles=tuple(
            Bundle(tuple(names), held, float(x), float(y), float(radius))
            for (held, names), (x, y), radius in zip(kept, places, radii, strict=True)
        ),
        ties_left_out=len(ties) - len(drawn),
        accounts_left_out=len(signatures) - sum(len(names) for _, names in kept),
    )


def _chosen(ties: Sequence[Tie]) -> list[Tie]:
    """Return the ties to draw: each family's first in turn, then each one's second, and so on.

    Largest first would show a dozen phrases of one prompt and nothing else.
    """
    taken: Counter[str] = Counter()
    ranked = []
    for place, tie in enumerate(tie for tie in ties if tie.accounts):
        ranked.append((taken[tie.family], place, tie))
        taken[tie.family] += 1
    ranked.sort(key=lambda item: item[:2])
    return [tie for _, _, tie in ranked[:MOST_HUBS]]


def _ring_order(ties: Sequence[Tie]) -> list[Tie]:
    """Return ties so that each stands beside one that shares many of its accounts."""
    waiting = list(ties)
    order = waiting[:1]
    del waiting[:1]
    while waiting:
        last = set(order[-1].accounts)
        shared = [_jaccard(last, set(tie.accounts)) for tie in waiting]
        order.append(waiting.pop(shared.index(max(shared))))
    return order


def _jaccard(left: set[str], right: set[str]) -> float:
    return len(left & right) / max(1, len(left | right))


def _hubs(ties: Sequence[Tie]) -> tuple[Hub, ...]:
    most = max((tie.members for tie in ties), default=1)
    by_size = sorted(range(len(ties)), key=lambda at: (-ties[at].members, at))
    codes = {at: chr(ord("A") + rank) for rank, at in enumerate(by_size)}
    hubs = []
    for at, tie in enumerate(ties):
        angle = 2 * math.pi * at / len(ties) - math.pi / 2
        across = WIDTH / 2 - _MARGIN
        down = HEIGHT / 2 - _MARGIN
        hubs.append(
            Hub(
                tie=tie,
                code=codes[at],
                x=WIDTH / 2 + across * math.cos(angle),
                y=HEIGHT / 2 + down * math.sin(angle),
                radius=_HUB_SMALLEST + _HUB_GROWTH * math.sqrt(tie.members / max(1, most)),
            )
        )
    return tuple(hubs)


def _settle(hubs: Sequence[Hub], held: Sequence[tuple[int, ...]], radii: Points) -> Points:
    """Return a place for each bundle: near the mean of its hubs, clear of other discs."""
    if not held:
        return np.empty((0, 2))
    centre = np.array([WIDTH / 2, HEIGHT / 2])
    ring = np.array([[hub.x, hub.y] for hub in hubs])
    wanted = np.array([centre + (ring[list(own)].mean(axis=0) - centre) * _PULL_IN for own in held])
    # Bundles wanted at one point need a direction to part in; the golden angle gives each its own.
    turn = np.arange(len(held)) * math.pi * (3 - math.sqrt(5))
    places: Points = wanted + np.stack([np.cos(turn), np.sin(turn)], axis=1)
    walls = np.concatenate([radii, [hub.radius for hub in hubs]])
    for _ in range(_ROUNDS):
        places += (wanted - places) * 0.04
        everything = np.concatenate([places, ring])
        apart = places[:, None, :] - everything[None, :, :]
        distance = np.sqrt((apart**2).sum(axis=2))
        np.fill_diagonal(distance, _FAR)
        overlap = radii[:, None] + walls[None, :] + _CLEARANCE - distance
        push = np.where(overlap > 0, overlap * 0.45 / np.maximum(distance, 1e-6), 0.0)
        places += (apart * push[:, :, None]).sum(axis=1)
        low = np.stack([radii, radii], axis=1) + 2
        places = np.clip(places, low, np.array([WIDTH, HEIGHT]) - low)
    return places
