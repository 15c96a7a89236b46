"""Link: a reasoning signature issued to one account is replayed by another."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.links.carried_over import carried_over
from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.parameters import Parameters


def _sql(parameters: Parameters) -> str:
    return carried_over(
        parameters, issued="issued_signature_hash", replayed="replayed_signature_hashes"
    )


SIGNATURE_REPLAY: Final = LinkKind(
    name="signature_replay",
    family="lineage",
    needs=("exchanges.replayed_signature_hashes", "exchanges.issued_signature_hash"),
    sql=_sql,
    says="a reasoning signature issued to one account is sent back by another",
    innocent_cause="a person with two accounts, a declared team, or the customers of a reseller",
    price_of_evasion="reasoning thrown away between turns, which costs quality and cached tokens",
)
