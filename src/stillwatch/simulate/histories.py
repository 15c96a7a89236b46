"""Whole conversations as they were sent: every earlier request and answer in words.

The canonical tables need only hashes of them; a gateway's log holds the text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stillwatch.simulate import answers
from stillwatch.simulate.exchanges import ExchangeTable, histories_of, recall
from stillwatch.simulate.records import Rows
from stillwatch.simulate.streams import mix


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier request of a history and its answer."""

    request: str
    is_result: bool
    """Whether it gave a tool's result."""
    answer: str
    calls_tool: bool
    signature: int | None


class Histories:
    """Writes histories; remembers what open conversations began with."""

    def __init__(self) -> None:
        self._seeds = np.zeros(0, np.uint64)
        self._accounts = np.zeros(0, np.int64)

    def of(self, rows: Rows, table: ExchangeTable) -> list[list[Turn]]:
        """Return the history of each attempt; calls must follow one another in time."""
        seeds, accounts = self._beginnings(rows)
        conversation, turn, offsets, rooted = histories_of(rows)
        owner = np.repeat(np.arange(len(rows)), np.diff(offsets))
        setting = np.where(rooted, rows["root_setting"][owner], rows["setting"][owner])
        speaker = np.where(rooted, rows["root_speaker"][owner], rows["speaker"][owner])
        first = np.where(rooted, rows["root_seed"][owner], seeds[owner])
        account = np.where(rooted, rows["root_account"][owner], accounts[owner])
        begins = turn == 0
        requests = table.requests(
            setting,
            turn,
            np.where(begins, first, mix(conversation + turn.astype(np.uint64), 7)),
            speaker,
            np.where(begins | rooted, account, rows["account"][owner]),
            ~rooted & (turn > 0) & (turn == rows["dropped"][owner]),
        ).to_pylist()
        said = answer_texts(table, conversation, turn, setting)
        loops, reasons = table.loops(setting).tolist(), table.reasons(setting)
        signed = np.where(rooted, rows["root_signed"][owner], reasons).tolist()
        signatures = answers.signature_hashes(conversation, turn).tolist()
        results = (~begins).tolist()
        turns = [
            Turn(
                request=requests[k],
                is_result=loops[k] and results[k],
                answer=said[k],
                calls_tool=loops[k],
                signature=signatures[k] if signed[k] else None,
            )
            for k in range(len(said))
        ]
        ends = offsets.tolist()
        return [turns[ends[k] : ends[k + 1]] for k in range(len(rows))]

    def _beginnings(self, rows: Rows) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """Return seed and account of the first words of each attempt's conversation."""
        top = int(rows["slot"].max(initial=-1)) + 1
        missing = max(0, top - len(self._seeds))
        self._seeds = np.concatenate([self._seeds, np.zeros(missing, np.uint64)])
        self._accounts = np.concatenate([self._accounts, np.zeros(missing, np.int64)])
        begins = (rows["turn"] == 0) & (rows["attempt"] == 0)
        seeds, accounts = rows["seed"].copy(), rows["account"].astype(np.int64)
        recall(rows["slot"], begins, self._seeds, seeds)
        recall(rows["slot"], begins, self._accounts, accounts)
        return seeds, accounts


def answer_texts(
    table: ExchangeTable,
    conversation: npt.NDArray[np.uint64],
    turn: npt.NDArray[np.int64],
    setting: npt.NDArray[np.int64],
) -> list[str]:
    """Return the text of the answer to each turn, about four letters for each of its tokens."""
    texts = table.answer_words(conversation, turn).to_pylist()
    lengths = (4 * table.answer_tokens(conversation, turn, setting)).tolist()
    return [
        (text if len(text) >= length else f"{text}\n\n" * (1 + length // max(1, len(text))))[
            : max(1, length)
        ]
        for text, length in zip(texts, lengths, strict=True)
    ]
