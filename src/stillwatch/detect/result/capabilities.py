"""How many exchanges and tokens each campaign spent on each capability."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from stillwatch.engine import Engine
from stillwatch.model.tables_out import CAPABILITY_COUNTS
from stillwatch.model.vocabulary import CAPABILITIES, CAPABILITY_COUNTS_FROM, OTHER_CAPABILITY

_SCORES: Final = ", ".join(
    f"(o.capabilities >> {8 * place}) & 255 AS score_{place}" for place in range(len(CAPABILITIES))
)
_HIGHEST: Final = f"greatest({', '.join(f'score_{k}' for k in range(len(CAPABILITIES)))})"
# Of equal scores the first in the vocabulary's order counts, so that the result never varies.
_PLACE: Final = (
    f"CASE WHEN {_HIGHEST} < {CAPABILITY_COUNTS_FROM} THEN {len(CAPABILITIES)} "
    + " ".join(f"WHEN score_{k} = {_HIGHEST} THEN {k}" for k in range(len(CAPABILITIES)))
    + " END"
)


def capability_counts_table(engine: Engine) -> pa.Table:
    """Return `capabilities`: each attributed exchange counted for what it scores highest on.

    Needs `attribute` before. Tokens are summed over the exchanges that state them, and null where
    none of them does.
    """
    rows = engine.arrow(
        f"SELECT group_id, {_PLACE} AS place, count(*) AS exchanges, "
        "CAST(sum(input_tokens) AS BIGINT) AS input_tokens, "
        "CAST(sum(output_tokens) AS BIGINT) AS output_tokens FROM ("
        f"SELECT c.group_id, o.input_tokens, o.output_tokens, {_SCORES} FROM group_attributed g "
        "JOIN campaign_ids c USING (group_no) JOIN observed o ON o.exchange = g.exchange"
        ") GROUP BY 1, 2 ORDER BY 1, 2"
    ).to_pylist()
    names = (*CAPABILITIES, OTHER_CAPABILITY)
    return pa.Table.from_pylist(
        [{**row, "capability": names[row["place"]]} for row in rows], schema=CAPABILITY_COUNTS
    )
