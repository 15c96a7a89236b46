"""A relay that rewrites what it carries elsewhere: instructions, model and limits of its new account."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from stillwatch.simulate.demand import busy_with, voices
from stillwatch.simulate.records import Kind, Rows, kind_of
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.streams import mix, unit


class Wardrobe:
    """What each of a pool's accounts usually sends around the words of a request."""

    def __init__(self, stage: Stage, number: int) -> None:
        """Take the settings of the accounts of one of the stage's pools."""
        pool = stage.pools[number]
        self._chance, self._seed = pool.rewrites, stage.seed
        self._kinds = [kind_of(s) for s in stage.settings] if pool.rewrites else []
        self._several = [s.turns > 0 for s in stage.settings] if pool.rewrites else []
        self._worn: dict[int, dict[Kind, list[int]]] = {}
        self._people: dict[int, list[int]] = defaultdict(list)
        self._ways = [s.settings for s in stage.speakers] if pool.rewrites else []
        self._voices = voices(stage.speakers)
        for account in pool.accounts if pool.rewrites else ():
            own: dict[Kind, list[int]] = defaultdict(list)
            for row in account.settings:
                own[self._kinds[row]].append(row)
            # What goes on for several turns looks strange in what is asked once.
            self._worn[account.account] = {
                kind: [row for row in rows if self._several[row]] or rows
                for kind, rows in own.items()
            }
        for place, speaker in enumerate(stage.speakers if pool.rewrites else ()):
            plain = all(stage.settings[row].campaign is None for row in speaker.settings)
            if speaker.account in self._worn and plain:
                self._people[speaker.account].append(place)
        rows = {row for account in pool.accounts for row in account.settings}
        rows |= {r for people in self._people.values() for k in people for r in self._ways[k]}
        self._client = {k: stage.add_client(stage.settings[k].client) for k in sorted(rows)}
        self._home = np.array([-1 if s.account is None else s.account for s in stage.speakers])

    def dress(self, rows: Rows) -> None:
        """Rewrite requests that are not on the account where their conversation began.

        A request takes over a setting of its account that is of its kind: if it can, the one that
        somebody behind the account uses in these very hours. Where there is none it goes as it is.
        """
        if not self._chance:
            return
        home = self._home[rows["speaker"]]
        moved = np.flatnonzero((home >= 0) & (home != rows["account"]))
        names = mix(rows["conversation"][moved], 410)
        beside = unit(mix(names, 412)).tolist()
        owners = [self._people.get(a, []) for a in rows["account"][moved].tolist()]
        who = [own[int(b * len(own))] if own else -1 for own, b in zip(owners, beside, strict=True)]
        accounts = rows["account"][moved].astype(np.uint64)
        voice = np.where(np.array(who, np.int64) < 0, accounts, self._voices[who])
        hours = busy_with(rows["at"][moved], voice, self._seed)
        for k, share, person, now, draw in zip(
            moved.tolist(),
            unit(names).tolist(),
            who,
            unit(hours).tolist(),
            unit(mix(hours + accounts, 411)).tolist(),
            strict=True,
        ):
            row = rows[k]
            kind = self._kinds[row["setting"]]
            choice = self._worn.get(int(row["account"]), {}).get(kind)
            if not choice or share >= self._chance:
                continue
            ways = self._ways[person] if person >= 0 else ()
            worn = ways[int(now * len(ways))] if ways else -1
            if worn < 0 or self._kinds[worn] != kind or not self._several[worn]:
                worn = choice[int(draw * len(choice))]
            row["worn"] = worn
            row["client"] = self._client[worn]
