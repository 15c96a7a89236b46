"""The rows that a world is planned in, before any text is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.clients import Client
from stillwatch.simulate.text.grammar import Phrase

Rows = npt.NDArray[Any]
"""A structured array."""

Rhythm = Literal["day", "office", "evening", "always", "school"]
"""When in the week somebody is awake to ask."""

SchedulerName = Literal["sticky_lru", "sticky", "round_robin", "sharded"]
"""How a relay deals requests out: least recently used with stickiness, by hash of the conversation
with stickiness, in turn, or by hash for good."""

SECOND: Final = 1_000_000
DAY: Final = 86_400 * SECOND
"""Times are whole microseconds since the world's start."""

TURN: Final = np.dtype(
    [
        ("at", "i8"),
        ("conversation", "u8"),
        ("turn", "i4"),
        ("speaker", "i4"),
        ("setting", "i4"),
        ("seed", "u8"),
        ("address", "i4"),
        ("slot", "i4"),
        ("root", "u8"),
        ("root_seed", "u8"),
        ("root_setting", "i4"),
        ("root_speaker", "i4"),
        ("root_account", "i4"),
        ("root_turns", "i2"),
        ("root_signed", "?"),
        ("dropped", "i2"),
        ("attempt", "i2"),
        ("status", "i2"),
        ("own_fault", "?"),
        ("moved", "?"),
        ("wait_ms", "i4"),
        ("account", "i4"),
        ("client", "i4"),
        ("worn", "i4"),
    ],
    align=True,
)
"""One attempt at one turn.

`worn` is the setting whose model, instructions, tools and parameters go with the words that
`setting` says: another one only where a relay rewrites what it carries elsewhere.

`moved` marks what goes to another account after an error that was the account's own. The history
that it sends holds the first `root_turns` answers of conversation `root` (with their signatures if
`root_signed`), then its own answers but for the first `dropped`, which a summary stands for. `root_seed`,
`root_setting`, `root_speaker` and `root_account` say what `root` began with.
`slot` is the conversation's row in `Slots`, or -1 where nothing need be remembered of it.
"""


def picked(rows: Rows, which: npt.NDArray[np.int64]) -> Rows:
    """Return the given rows of a table of turns.

    It copies whole rows at once, which NumPy's own indexing of structured arrays does not.
    """
    words = rows.view(np.uint64).reshape(len(rows), TURN.itemsize // 8)
    return np.take(words, which, axis=0).reshape(-1).view(TURN)


@dataclass(frozen=True, slots=True)
class Setting:
    """One way of using the model: client, instructions, tools, parameters and kind of text."""

    client: Client
    opening: Phrase
    follow_up: Phrase
    model: str = "medium-2"
    system_prompt: str | None = None
    tools: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    stream: bool = True
    operation: str = "chat"
    agent_loop: bool = False
    """Whether later turns carry tool results instead of a person's words."""
    reasons: bool = False
    """Whether the model thinks first, and its signed thinking is sent back in later turns."""
    turns: float = 1.0
    """Median number of turns after the first (0: always a single turn)."""
    pace: float = 60.0
    """Median seconds between turns."""
    pause: float = 0.04
    """Chance that a turn comes hours later."""
    answer_tokens: float = 220.0
    context_tokens: float = 0.0
    """Median tokens of files and retrieved documents that come along and are not in the prompt."""
    turn_tokens: float = 40.0
    """Median tokens that each earlier request (words, tool results) adds to the history."""
    deck: int | None = None
    """The deck that openings are drawn from; none means a fresh text each time."""
    campaign: int | None = None
    choices: int | None = None
    """How many answers one request asks for (multi-sampling)."""
    next_model: str | None = None
    """The model that this setting moves to at `moves_at`, in microseconds of world time."""
    moves_at: int = 1 << 62
    replays: float = 0.0
    """Chance that a conversation begins with the history, signatures included, of an earlier one of
    the same campaign."""


Kind = tuple[bool, bool]
"""Whether a tool loops, and whether the model thinks first: what no relay can rewrite."""


def kind_of(setting: Setting) -> Kind:
    """Return of which kind a setting's conversations are."""
    return setting.agent_loop, setting.reasons


@dataclass(frozen=True, slots=True)
class Deck:
    """A stock of openings that several speakers draw from.

    A `queue` gives each item exactly `repeats` times over all speakers; a `walk` goes through the
    items in order from a place of each speaker's own; a `choice` picks freely.
    """

    order: Literal["queue", "walk", "choice"]
    key: int
    size: int = 0
    repeats: int = 1


@dataclass(frozen=True, slots=True)
class Trip:
    """Some days elsewhere: from, until (microseconds), the address there and hours from UTC."""

    start: int
    end: int
    address: int
    clock: float


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody or something that starts conversations, on an account or through a pool."""

    settings: tuple[int, ...]
    addresses: tuple[int, ...]
    sittings: float
    """Mean sittings a day, on an ordinary day."""
    clock: float
    rhythm: Rhythm
    account: int | None = None
    """With a pool as well: the member on which its conversations begin."""
    pool: int | None = None
    lane: int = 0
    per_sitting: float = 1.5
    """Mean conversations in one sitting."""
    gap: float = 240.0
    """Two thirds of the mean seconds between the starts of one sitting's conversations."""
    joins: int = 0
    """When it starts, in microseconds of world time."""
    leaves: int = 1 << 62
    end_user: bool = False
    """Whether whoever carries it passes on a hash of who it is."""
    shared_root: int | None = None
    """Key of a conversation that it may carry on from elsewhere."""
    trip: Trip | None = None
    voice: int | None = None
    """Whose habits it has, where several speakers are one person; none means its own."""


@dataclass(frozen=True, slots=True)
class PoolAccount:
    """One account in a pool: its lane, working life, daily quota, address and client."""

    account: int
    lane: int
    joins: int
    leaves: int
    quota: float
    address: int
    client: int
    settings: tuple[int, ...] = ()
    """How its owner uses it, where a relay rewrites what it carries to it."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Accounts that a relay uses in turn for whoever sends it requests."""

    name: str
    scheduler: SchedulerName
    accounts: tuple[PoolAccount, ...]
    stickiness: int = 3600 * SECOND
    """How long a conversation stays on the account that it used last."""
    failover: float = 1.0
    """Chance that a request goes to another account after an error that was the account's own."""
    cool_downs: tuple[int, ...] = (60, 300, 600, 1800)
    """Seconds that an account rests after an error of its own: the first, second, ... in a row."""
    summarised: float = 0.0
    """Chance that a conversation that moves to another account is sent on as a summary only."""
    rewrites: float = 0.0
    """Chance that a conversation that moves goes on in its new account's way of asking."""


@dataclass(frozen=True, slots=True)
class ControlHabit:
    """One account's steady control-plane calls: token refreshes, usage polls, sign-ins."""

    account: int
    kind: str
    """token_refresh, usage_poll, sign_in or key_created."""
    period: int
    """Mean microseconds between two of them."""
    address: int
    jitter: float = 1.0
    """0: exactly periodic; 1: as irregular as a person (exponential gaps)."""
    tick: int = 0
    """Microseconds that a scheduler rounds times up to; 0 for none."""
    joins: int = 0
    leaves: int = 1 << 62


@dataclass(frozen=True, slots=True)
class Release:
    """A model that becomes available at a time, with its prices in dollars for a million tokens."""

    model: str
    at: int
    input_price: float
    output_price: float
