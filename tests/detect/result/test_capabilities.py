"""What a campaign spent on each capability: every attributed exchange counts exactly once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa

from stillwatch.detect import Parameters
from stillwatch.detect.result.attribution import attribute
from stillwatch.detect.result.capabilities import capability_counts_table
from stillwatch.detect.result.tables import Judged
from stillwatch.engine import open_engine
from stillwatch.model.vocabulary import CAPABILITIES, CAPABILITY_COUNTS_FROM

LEAST = CAPABILITY_COUNTS_FROM


def packed(**scores: int) -> int:
    total = 0
    for name, value in scores.items():
        total |= value << 8 * [str(c) for c in CAPABILITIES].index(name)
    return total


def counts_of(
    exchanges: list[tuple[int, int | None, int | None]],
    kind: str = "campaign",
    backwards: bool = False,
) -> list[dict[str, Any]]:
    """Return the table of one group whose work is the exchanges (scores, tokens in and out)."""
    order = range(len(exchanges))
    if backwards:
        order = order[::-1]
    judged = SimpleNamespace(group_id="g-1", number=3, verdict=SimpleNamespace(kind=kind))
    nothing: list[None] = [None] * (len(exchanges) + 1)
    with open_engine(threads=1) as engine:
        engine.add_arrow(
            "observed",
            pa.table(
                {
                    "exchange": pa.array([*order, 999], pa.int64()),
                    "account": pa.array([0] * len(nothing), pa.int32()),
                    "response_hash": pa.array(nothing, pa.int64()),
                    "prior_assistant_hashes": pa.array(nothing, pa.list_(pa.int64())),
                    "capabilities": pa.array([*(exchanges[i][0] for i in order), -1], pa.int64()),
                    "input_tokens": pa.array([*(exchanges[i][1] for i in order), 7], pa.int32()),
                    "output_tokens": pa.array([*(exchanges[i][2] for i in order), 7], pa.int32()),
                }
            ),
        )
        engine.add_arrow(
            "group_work",
            pa.table(
                {
                    "group_no": pa.array([3 for _ in order], pa.int32()),
                    "exchange": pa.array(order, pa.int64()),
                    "account": pa.array([0 for _ in order], pa.int32()),
                }
            ),
        )
        member = {"group_no": pa.array([3], pa.int32()), "account": pa.array([0], pa.int32())}
        engine.add_arrow("group_members", pa.table(member))
        attribute(engine, [cast(Judged, judged)], Parameters())
        rows: list[dict[str, Any]] = capability_counts_table(engine).to_pylist()
        return rows


def row(capability: str, exchanges: int, tokens_in: int | None, tokens_out: int | None) -> Any:
    return {
        "group_id": "g-1",
        "capability": capability,
        "exchanges": exchanges,
        "input_tokens": tokens_in,
        "output_tokens": tokens_out,
    }


def test_an_exchange_counts_for_its_highest_score_only() -> None:
    rows = counts_of(
        [
            (packed(writing=90, grading=200), 10, 100),
            (packed(grading=LEAST), 20, 200),
            (packed(writing=255, grading=254), 1, 2),
        ]
    )
    assert rows == [row("grading", 2, 30, 300), row("writing", 1, 1, 2)]


def test_below_the_least_score_it_counts_for_none() -> None:
    rows = counts_of([(packed(writing=LEAST - 1, grading=LEAST - 1), 5, 6), (0, 1, 1)])
    assert rows == [row("other", 2, 6, 7)]


def test_of_equal_scores_the_first_in_the_vocabulary_counts() -> None:
    tie = packed(writing=100, data_analysis=100)
    assert counts_of([(tie, 1, 1)]) == [row("data_analysis", 1, 1, 1)]


def test_the_top_byte_of_a_full_row_is_read_right() -> None:
    full = packed(**dict.fromkeys(CAPABILITIES, 200)) | packed(writing=255)
    assert counts_of([(full, 1, 1)]) == [row("writing", 1, 1, 1)]


def test_tokens_that_no_exchange_states_are_null_and_others_are_summed() -> None:
    rows = counts_of(
        [
            (packed(writing=90), None, None),
            (packed(writing=90), 4, None),
            (packed(grading=90), None, 2**31 - 1),
            (packed(grading=90), None, 2**31 - 1),
        ]
    )
    assert rows == [row("grading", 2, None, 2**32 - 2), row("writing", 2, 4, None)]


def test_the_order_of_rows_changes_nothing_and_other_groups_have_none() -> None:
    exchanges: list[tuple[int, int | None, int | None]] = [
        (packed(writing=90), 1, 2),
        (packed(grading=90), 3, 4),
        (0, 5, 6),
    ]
    assert counts_of(exchanges, backwards=True) == counts_of(exchanges)
    assert counts_of(exchanges, kind="resale_pool") == []
