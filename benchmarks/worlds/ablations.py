"""What each evidence family and each column is worth: worlds scanned without it.

    python -m benchmarks.worlds.ablations PATH/TO/WORLD ANOTHER --families
    python -m benchmarks.worlds.ablations PATH/TO/WORLD --families content lineage
    python -m benchmarks.worlds.ablations PATH/TO/WORLD --columns
    python -m benchmarks.worlds.ablations PATH/TO/WORLD --columns addresses accounts.payment_bin

A family is removed by leaving out its kinds of traits, its kinds of links and its terms of judgement.
`content` and `identity` carry most of what extraction and concealment rest on, and a campaign must
speak for itself in all three scores; so `content in coordination` and `identity in coordination`
remove the traits and the terms of coordination alone.

A column is removed from the files before they are read: the world is written anew without it and
scored against the truth of the whole. Beside the sets below any `exchanges.COLUMN` or
`accounts.COLUMN` may be named.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Final
from unittest.mock import patch

import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.worlds.evaluate import HEADER, Score, score, show
from stillwatch.detect import detection, link_kinds, trait_kinds
from stillwatch.detect.judgement.likelihoods import Likelihoods, built_in_likelihoods
from stillwatch.model.tables_in import ACCOUNTS, EXCHANGES
from stillwatch.model.vocabulary import EVIDENCE_FAMILIES
from stillwatch.settings import PUBLIC_DEVELOPMENT_KEY

WHOLE: Final = "whole"
IN_COORDINATION: Final = " in coordination"
FAMILIES: Final = (
    *EVIDENCE_FAMILIES,
    f"content{IN_COORDINATION}",
    f"identity{IN_COORDINATION}",
)
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "account table": tuple(f"accounts.{name}" for name in ACCOUNTS.names),
    "organisations": ("accounts.organization_id",),
    "payment": ("accounts.payment_fingerprint", "accounts.payment_bin"),
    "mail": ("accounts.email_domain", "accounts.email_hash", "accounts.email_shape"),
    "sign-up": ("accounts.created_at", "accounts.signup_address", "accounts.referrer"),
    "countries and phones": (
        "accounts.billing_country",
        "accounts.phone_prefix",
        "exchanges.client_country",
    ),
    "addresses": (
        "exchanges.client_address",
        "exchanges.client_address_source",
        "exchanges.client_asn",
        "exchanges.client_country",
    ),
    "TLS and header order": (
        "exchanges.ja4",
        "exchanges.http_fingerprint",
        "exchanges.header_order_hash",
    ),
    "user agent": ("exchanges.user_agent", "exchanges.sdk_version"),
    "tools": ("exchanges.tools_hash",),
    "system prompts": ("exchanges.system_prompt",),
    "prompts": ("exchanges.prompt", "exchanges.first_prompt_hash", "exchanges.request_hash"),
    "history": ("exchanges.prior_assistant_hashes", "exchanges.prior_assistant_tokens"),
    "answers": ("exchanges.response_hash",),
    "signatures": ("exchanges.replayed_signature_hashes", "exchanges.issued_signature_hash"),
    "failed requests": ("exchanges.error_type", "exchanges.error_scope", "failed"),
    "end users": ("exchanges.end_user_hash", "exchanges.session_id", "exchanges.credential_id"),
    "tokens": (
        "exchanges.input_tokens",
        "exchanges.output_tokens",
        "exchanges.reasoning_tokens",
        "exchanges.cached_tokens",
        "exchanges.cache_write_tokens",
    ),
    "parameters": (
        "exchanges.temperature",
        "exchanges.top_p",
        "exchanges.max_tokens",
        "exchanges.choices",
    ),
    "events": ("account_events", "control_events"),
}
"""Sets of columns that go together; `failed` stands for the rows of failed requests, and a name
without a point for a whole table."""
_BESIDE: Final = ("accounts", "account_events", "control_events")


@dataclass(frozen=True, slots=True)
class Removed:
    """One thing that was removed, and what was left of the score."""

    what: str
    score: Score


@contextmanager
def without_family(removed: str) -> Iterator[None]:
    """Let detection do without a family, in all of it or in search and coordination alone."""
    family = removed.removesuffix(IN_COORDINATION)
    everywhere = family == removed
    every = built_in_likelihoods()
    terms = tuple(
        t
        for t in every.terms
        if t.family != family or not (everywhere or t.score == "coordination")
    )
    traits = tuple(kind for kind in trait_kinds() if kind.family != family)
    links = tuple(kind for kind in link_kinds() if kind.family != family)
    with ExitStack() as stack:
        for name, left in (
            ("trait_kinds", traits),
            ("link_kinds", links),
            ("built_in_likelihoods", Likelihoods(every.calibration, terms)),
        ):
            # The value is bound now, so that each patch returns its own.
            stack.enter_context(patch.object(detection, name, lambda left=left: left))
        yield


def columns_of(name: str) -> tuple[str, ...]:
    """Return the columns of a set, or the one that is named; raises ValueError for neither."""
    if name in COLUMNS:
        return COLUMNS[name]
    table, _, column = name.partition(".")
    schema = {"exchanges": EXCHANGES, "accounts": ACCOUNTS}.get(table)
    if schema is None or column not in schema.names:
        raise ValueError(f"{name!r} is neither a column nor one of the sets: {', '.join(COLUMNS)}")
    return (name,)


def write_without(world: Path, columns: Sequence[str], out: Path) -> None:
    """Write a world's logs and the tables beside them anew, without these columns."""
    (out / "exchanges").mkdir(parents=True)
    for path in sorted((world / "exchanges").glob("*.parquet")):
        _copy(path, out / "exchanges" / path.name, "exchanges", columns)
    for name in _BESIDE:
        path = world / f"{name}.parquet"
        gone = name in columns or f"{name}.account_id" in columns
        if path.exists() and not gone:
            _copy(path, out / path.name, name, columns)
    for path in world.glob("authorised_use.*"):
        copyfile(path, out / path.name)


def _copy(source: Path, target: Path, table: str, columns: Sequence[str]) -> None:
    file = pq.ParquetFile(source)
    kept = [name for name in file.schema_arrow.names if f"{table}.{name}" not in columns]
    only_good = table == "exchanges" and "failed" in columns
    schema = file.schema_arrow
    for name in set(schema.names) - set(kept):
        schema = schema.remove(schema.get_field_index(name))
    with pq.ParquetWriter(target, schema) as writer:
        for batch in file.iter_batches(columns=kept):
            rows = batch.filter(pc.less(batch["status"], 400)) if only_good else batch
            writer.write_batch(rows)


def measure(world: Path, families: Sequence[str], columns: Sequence[str]) -> Iterator[Removed]:
    """Yield the score of the whole world, then without each family and each set of columns."""
    yield Removed(WHOLE, score(world, WHOLE, PUBLIC_DEVELOPMENT_KEY))
    for family in families:
        with without_family(family):
            yield Removed(family, score(world, family, PUBLIC_DEVELOPMENT_KEY))
    for name in columns:
        with tempfile.TemporaryDirectory(prefix="stillwatch-") as folder:
            stripped = Path(folder) / "world"
            write_without(world, columns_of(name), stripped)
            left = score(stripped, name, PUBLIC_DEVELOPMENT_KEY, truth=world)
            yield Removed(name, left)


def table(results: Sequence[tuple[str, Sequence[Removed]]]) -> Iterator[str]:
    """Yield one row for each thing removed, with a cell a world, as Markdown."""
    yield "| without | " + " | ".join(world for world, _ in results) + " |"
    yield "|---|" + "---|" * len(results)
    for row in zip(*(removed for _, removed in results), strict=True):
        yield f"| {row[0].what} | " + " | ".join(_cell(r.score) for r in row) + " |"


def _cell(one: Score) -> str:
    recall = f"{one.found / one.eligible:.2f}" if one.eligible else "–"
    return f"{recall}, {one.campaigns_found}/{one.campaigns}, {one.innocent}"


def main() -> None:
    """Print a line a scan, then the table: recall, campaigns found, innocents named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("worlds", nargs="+", type=Path, help="world folders, each with its truth")
    parser.add_argument(
        "--families", nargs="*", choices=FAMILIES, help="which to remove; all if none is named"
    )
    parser.add_argument(
        "--columns",
        nargs="*",
        help="sets or columns to remove; all sets if none is named: " + ", ".join(COLUMNS),
    )
    chosen = parser.parse_args()
    families = FAMILIES if chosen.families == [] else chosen.families or ()
    columns = list(COLUMNS) if chosen.columns == [] else chosen.columns or []
    for name in columns:
        try:
            columns_of(name)
        except ValueError as error:
            parser.error(str(error))
    results = []
    for world in chosen.worlds:
        print(f"{world.name}\n{HEADER}", flush=True)
        done = []
        for removed in measure(world, families, columns):
            done.append(removed)
            print(show(removed.score), flush=True)
        results.append((world.name, done))
    print("recall, campaigns found, innocents named")
    print("\n".join(table(results)))


if __name__ == "__main__":
    main()
