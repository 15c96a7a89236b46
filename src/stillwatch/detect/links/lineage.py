"""Link: a request's history holds an answer that was issued to another account."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.links.carried_over import carried_over
from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.parameters import Parameters


def _sql(parameters: Parameters) -> str:
    # Long enough not to be a stock phrase, and sampled: at temperature 0 two people can get one answer.
    return carried_over(
        parameters,
        issued="response_hash",
        among="status BETWEEN 200 AND 299",
        having=f"coalesce(max(output_tokens), 0) >= {parameters.lineage_tokens} "
        "AND coalesce(min(temperature), 1) > 0",
        replayed="prior_assistant_hashes",
    )


LINEAGE: Final = LinkKind(
    name="lineage",
    family="lineage",
    needs=("exchanges.prior_assistant_hashes", "exchanges.response_hash"),
    sql=_sql,
    says="one account continues a conversation that was answered to another",
    innocent_cause="a person with two accounts, a declared team, or the customers of a reseller",
    price_of_evasion="conversations pinned to one account for good, so no failover and idle capacity",
)
