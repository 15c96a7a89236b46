"""A relay that rewrites what it carries elsewhere: instructions, model and limits of its new account."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from stillwatch.simulate.records import Rows, Setting
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.streams import mix, unit

_Kind = tuple[bool, bool]


class Wardrobe:
    """What each of a pool's accounts usually sends around the words of a request."""

    def __init__(self, stage: Stage, number: int) -> None:
        """Take the settings of the accounts of one of the stage's pools."""
        pool = stage.pools[number]
        self._chance = pool.rewrites
        self._kinds = [_kind(s) for s in stage.settings] if pool.rewrites else []
        self._client = {k: stage.add_client(stage.settings[k].client) for k in _worn(stage, number)}
        self._worn: dict[int, dict[_Kind, list[int]]] = {}
        for account in pool.accounts if pool.rewrites else ():
            own: dict[_Kind, list[int]] = defaultdict(list)
            for row in account.settings:
                own[self._kinds[row]].append(row)
            self._worn[account.account] = own
        self._home = np.array([-1 if s.account is None else s.account for s in stage.speakers])

    def dress(self, rows: Rows) -> None:
        """Rewrite requests that are not on the account where their conversation began.

        A request takes over a setting of its account that is of its kind (whether a tool loops,
        whether the model thinks first), for as long as its conversation stays there; where there is
        none it goes as it is.
        """
        if not self._chance:
            return
        home = self._home[rows["speaker"]]
        moved = np.flatnonzero((home >= 0) & (home != rows["account"]))
        names = mix(rows["conversation"][moved], 410)
        for k, share, draw in zip(
            moved.tolist(),
            unit(names).tolist(),
            unit(mix(names + rows["account"][moved].astype(np.uint64), 411)).tolist(),
            strict=True,
        ):
            row = rows[k]
            kind = self._kinds[row["setting"]]
            choice = self._worn.get(int(row["account"]), {}).get(kind)
            if choice and share < self._chance:
                row["worn"] = worn = choice[int(draw * len(choice))]
                row["client"] = self._client[worn]


def _kind(setting: Setting) -> _Kind:
    return setting.agent_loop, setting.reasons


def _worn(stage: Stage, number: int) -> set[int]:
    return {row for account in stage.pools[number].accounts for row in account.settings}
