"""Every figure of an evaluation on hand-made worlds whose right answers are known."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.errors import InputError
from stillwatch.evaluate import Evaluation, evaluate
from stillwatch.model.tables_in import ACCOUNTS, EXCHANGES, TRUTH, TRUTH_EXCHANGES
from stillwatch.model.tables_out import RESULT_TABLES

START = datetime(2026, 1, 1, tzinfo=UTC)
Rows = list[dict[str, Any]]


def _write(path: Path, rows: Rows, schema: pa.Schema) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)


class TinyWorld:
    """Twelve innocent accounts over 30 days, one campaign of three, one of one account.

    c1 and c2 carry 20 exchanges of `north`, c3 carries 2; c4 carries 40 of `south` (10 of them
    failed) and 5 of somebody else's. Each innocent account has 10 exchanges.
    """

    def __init__(self, folder: Path) -> None:
        self.world, self.result = folder / "world", folder / "result"
        self.exchanges: Rows = []
        self.truth: Rows = []
        self.truth_exchanges: Rows = []
        self.accounts: Rows = []
        self.groups: Rows = []
        self.members: Rows = []
        self.attributed: Rows = []
        for k in range(12):
            population = "resale_pool" if k < 4 else "individual"
            self._account(f"i{k:02d}", population, None, "US" if k % 2 else "JP", 10, 0)
        for name, campaign, harvested, own in (
            ("c1", "north", 20, 0),
            ("c2", "north", 20, 3),
            ("c3", "north", 2, 0),
            ("c4", "south", 40, 5),
        ):
            self._account(name, "campaign", campaign, "US", own, harvested)
        for row in [r for r in self.exchanges if r["account_id"] == "c4"][:10]:
            row["status"] = 529
        self.exchanges[0]["occurred_at"] = START
        self.exchanges[-1]["occurred_at"] = START + timedelta(days=30)

    def _account(
        self,
        name: str,
        population: str,
        campaign: str | None,
        country: str,
        own: int,
        harvested: int,
    ) -> None:
        self.accounts.append({"account_id": name, "billing_country": country})
        self.truth.append({"account_id": name, "population": population, "campaign_id": campaign})
        for n in range(harvested + own):
            exchange = f"{name}-{n:02d}"
            self.exchanges.append(
                {
                    "exchange_id": exchange,
                    "occurred_at": START + timedelta(hours=1 + n),
                    "account_id": name,
                    "source": "s",
                    "model": "m",
                    "status": 200,
                }
            )
            if n < harvested:
                self.truth_exchanges.append({"exchange_id": exchange, "campaign_id": campaign})

    def report(
        self,
        group: str,
        members: dict[str, float],
        *,
        kind: str = "campaign",
        q: float | None = 0.01,
    ) -> None:
        """Add one group to the scan's result."""
        self.groups.append({"group_id": group, "kind": kind, "q_value": q})
        self.members += [
            {"group_id": group, "account_id": a, "probability": p} for a, p in members.items()
        ]

    def attribute(self, group: str, *exchanges: str) -> None:
        """Give exchanges to a group of the scan's result."""
        self.attributed += [{"group_id": group, "exchange_id": e} for e in exchanges]

    def write(self) -> None:
        """Write both folders."""
        _write(self.world / "exchanges" / "part-00000.parquet", self.exchanges, EXCHANGES)
        for name, schema in (
            ("accounts", ACCOUNTS),
            ("truth", TRUTH),
            ("truth_exchanges", TRUTH_EXCHANGES),
        ):
            _write(self.world / f"{name}.parquet", getattr(self, name), schema)
        for name in ("groups", "members", "attributed"):
            _write(self.result / f"{name}.parquet", getattr(self, name), RESULT_TABLES[name])

    def score(self) -> Evaluation:
        """Write both folders and evaluate."""
        self.write()
        return evaluate(self.world, self.result)


@pytest.fixture
def tiny(tmp_path: Path) -> TinyWorld:
    return TinyWorld(tmp_path)


def test_who_counts_as_named(tiny: TinyWorld) -> None:
    tiny.report("g1", {"c1": 0.5, "c2": 0.49, "i00": 0.9})
    tiny.report("weak", {"c3": 0.9}, q=0.051)
    tiny.report("pool", {"i01": 0.99}, kind="resale_pool")
    tiny.report("unsure", {"i02": 0.99}, q=None)
    naming = tiny.score().naming
    assert (naming.named, naming.named_innocent) == (2, 1)
    assert naming.precision.value == 0.5
    assert (naming.precision.successes, naming.precision.trials) == (1, 2)


def test_recall_counts_accounts_with_twenty_campaign_exchanges(tiny: TinyWorld) -> None:
    tiny.report("g1", {"c1": 0.9, "c3": 0.9})
    evaluation = tiny.score()
    assert (evaluation.world.campaign_accounts, evaluation.world.eligible_accounts) == (4, 3)
    assert (evaluation.naming.recall.successes, evaluation.naming.recall.trials) == (1, 3)
    assert evaluation.naming.exchange_recall.value == 22 / 82


def test_false_accusations_per_account_month(tiny: TinyWorld) -> None:
    tiny.report("g1", {"c1": 0.9, "i00": 0.9, "i01": 0.9})
    figure = tiny.score().naming.per_100k_account_months
    # Twelve innocent accounts, 30 days, two named.
    assert figure.value == pytest.approx(2 / 12 * 1e5)
    assert figure.interval is not None
    assert figure.interval.low == pytest.approx(0.2422 / 12 * 1e5, rel=1e-3)


def test_precision_at_other_prevalences(tiny: TinyWorld) -> None:
    tiny.report("g1", {"c1": 0.9, "c2": 0.9, "i00": 0.9})
    figure = tiny.score().naming.reweighted["0.01"]
    hit, miss = 0.01 * 2 / 4, 0.99 * 1 / 12
    assert figure.value == pytest.approx(hit / (hit + miss))
    assert figure.interval is not None
    assert figure.interval.low < hit / (hit + miss) < figure.interval.high


def test_naming_nobody_gives_no_precision_rather_than_a_perfect_one(tiny: TinyWorld) -> None:
    evaluation = tiny.score()
    assert evaluation.naming.precision.value is None
    assert evaluation.naming.precision.reason == "no account was named"
    assert all(figure.value is None for figure in evaluation.naming.reweighted.values())
    assert evaluation.naming.recall.value == 0.0
    assert evaluation.groups.precision.value is None
    assert evaluation.attribution.precision.value is None
    assert evaluation.reliability["brier"] is None


def test_fragments_of_a_campaign_count_once(tiny: TinyWorld) -> None:
    tiny.report("g1", {"c1": 0.9})
    tiny.report("g2", {"c2": 0.9, "c3": 0.9})
    tiny.report("g3", {"i00": 0.9, "i01": 0.9})
    evaluation = tiny.score()
    assert evaluation.groups.reported == 3
    assert evaluation.groups.precision.value == 0.5
    assert (
        evaluation.groups.campaigns_found.successes,
        evaluation.groups.campaigns_found.trials,
    ) == (1, 2)
    assert {c.campaign: c.fragments for c in evaluation.campaigns} == {"north": 2, "south": 0}


@pytest.mark.parametrize(
    ("members", "false"),
    [
        ({"c1": 0.9, "i00": 0.9}, 0),
        ({"c1": 0.9, "i00": 0.9, "i01": 0.9}, 1),
        ({"c1": 0.9, "i00": 0.4, "i01": 0.4}, 0),
        ({"c1": 0.4, "i00": 0.3, "i01": 0.2}, 1),
    ],
)
def test_a_false_group_has_more_than_half_innocents(
    tiny: TinyWorld, members: dict[str, float], false: int
) -> None:
    tiny.report("g1", members)
    assert tiny.score().groups.false == false


def test_each_campaign_has_its_own_recall(tiny: TinyWorld) -> None:
    tiny.report("g1", {"c1": 0.9, "c4": 0.9})
    tiny.attribute("g1", *(f"c1-{n:02d}" for n in range(10)), "c4-00")
    north, south = tiny.score().campaigns
    assert (north.campaign, north.accounts, north.exchanges) == ("north", 3, 42)
    assert (north.recall.successes, north.recall.trials) == (1, 2)
    assert north.exchange_recall.value == 20 / 42
    assert north.attributed.value == 10 / 42
    assert (south.recall.value, south.exchange_recall.value) == (1.0, 1.0)


def test_attribution_tells_a_campaign_from_its_neighbours(tiny: TinyWorld) -> None:
    tiny.report("g1", {"c4": 0.9, "c2": 0.9, "i00": 0.2})
    tiny.report("g2", {"c4": 0.9})
    tiny.report("pool", {"i01": 0.9}, kind="resale_pool")
    tiny.attribute("g1", "c4-00", "c4-01", "c4-42", "c2-21", "i00-03")
    tiny.attribute("g2", "c4-00")
    tiny.attribute("pool", "i01-00")
    attribution = tiny.score().attribution
    assert attribution.attributed == 5
    assert attribution.precision.value == 2 / 5
    assert attribution.recall.value == 2 / 82
    assert attribution.on_campaign_accounts == 2
    assert attribution.on_innocent_accounts == 1


def test_a_leak_is_answers_and_its_start_is_not_invented(tiny: TinyWorld) -> None:
    leak = tiny.score().leak
    assert leak.total == 72
    assert leak.before_first_flag.value is None
    assert leak.before_first_flag.reason == "not measured without replay"


def test_harm_by_population_and_country(tiny: TinyWorld) -> None:
    tiny.report("g1", {"c1": 0.9, "i00": 0.9, "i01": 0.9, "i05": 0.9})
    naming = tiny.score().naming
    assert {k: (f.successes, f.trials) for k, f in naming.harm.items()} == {
        "individual": (1, 8),
        "resale_pool": (2, 4),
    }
    assert {k: (f.successes, f.trials) for k, f in naming.countries.items()} == {
        "JP": (1, 6),
        "US": (2, 6),
    }


def test_reliability_takes_each_account_once_at_its_highest(tiny: TinyWorld) -> None:
    tiny.report("g1", {"c1": 0.9, "c2": 0.2, "i00": 0.6})
    tiny.report("g2", {"c2": 0.8, "i00": 0.1})
    reliability = tiny.score().reliability
    assert reliability["members"] == 3
    assert reliability["brier"] == pytest.approx((0.1**2 + 0.2**2 + 0.6**2) / 3)
    assert [(b["from"], b["members"], b["observed"]["value"]) for b in reliability["bins"]] == [
        (0.6, 1, 0.0),
        (0.8, 1, 1.0),
        (0.9, 1, 1.0),
    ]


def test_the_oracle_needs_knobs(tiny: TinyWorld) -> None:
    assert tiny.score().oracle.reason == "world has no knobs in its manifest"
    (tiny.world / "manifest.json").write_text(json.dumps({"knobs": {"north": {}}, "seed": 3}))
    by_name = {row["account_id"]: row for row in tiny.accounts}
    by_name["c1"]["payment_fingerprint"] = by_name["c3"]["payment_fingerprint"] = "card"
    by_name["c4"]["payment_fingerprint"] = by_name["i00"]["payment_fingerprint"] = "other"
    tiny.exchanges[-1]["response_hash"] = 7
    tiny.exchanges[0]["prior_assistant_hashes"] = [7]
    evaluation = tiny.score()
    # c1 shares a card with c3, which is not eligible itself; c4 only with an innocent account.
    assert (evaluation.oracle.successes, evaluation.oracle.trials) == (1, 3)
    assert evaluation.world.seed == 3
    answered = next(r for r in tiny.exchanges if r["account_id"] == "c2")
    answered["response_hash"] = 8
    asked = next(r for r in tiny.exchanges if r["account_id"] == "c3")
    asked["prior_assistant_hashes"] = [8]
    assert tiny.score().oracle.successes == 2


def test_json_and_rows_carry_every_part(tiny: TinyWorld) -> None:
    tiny.report("g1", {"c1": 0.9, "i00": 0.9})
    evaluation = tiny.score()
    data = json.loads(json.dumps(evaluation.to_json()))
    assert data["naming"]["precision"]["value"] == 0.5
    assert len(data["naming"]["precision"]["interval_95"]) == 2
    assert data["campaigns"][0]["recall"]["trials"] == 2
    sections = {row.section for row in evaluation.rows()}
    assert {"accounts", "groups", "campaign north", "exchanges", "leak", "harm"} <= sections


def test_order_of_rows_changes_nothing(tiny: TinyWorld) -> None:
    tiny.report("g1", {"c1": 0.9, "i00": 0.6, "c3": 0.2})
    tiny.report("g2", {"c4": 0.9, "i04": 0.7})
    tiny.attribute("g1", "c1-00", "i00-01", "c1-05")
    before = tiny.score().to_json()
    for name in (
        "exchanges",
        "truth",
        "truth_exchanges",
        "accounts",
        "groups",
        "members",
        "attributed",
    ):
        getattr(tiny, name).reverse()
    assert tiny.score().to_json() == before


@pytest.mark.parametrize(
    ("table", "folder"),
    [
        ("truth", "truth.parquet"),
        ("truth_exchanges", "truth_exchanges.parquet"),
        ("accounts", "accounts.parquet"),
        ("groups", "groups.parquet"),
        ("members", "members.parquet"),
        ("attributed", "attributed.parquet"),
        ("exchanges", "exchanges"),
    ],
)
def test_a_repeated_key_is_refused(tiny: TinyWorld, table: str, folder: str) -> None:
    tiny.report("g1", {"c1": 0.9})
    tiny.attribute("g1", "c1-00")
    getattr(tiny, table).append(dict(getattr(tiny, table)[0]))
    with pytest.raises(InputError, match="more than once") as caught:
        tiny.score()
    assert caught.value.source is not None
    assert caught.value.source.endswith(folder)


@pytest.mark.parametrize(
    "gone",
    [
        "world/truth.parquet",
        "world/accounts.parquet",
        "result/members.parquet",
        "world/exchanges/part-00000.parquet",
    ],
)
def test_a_missing_file_is_named(tiny: TinyWorld, tmp_path: Path, gone: str) -> None:
    tiny.write()
    (tmp_path / gone).unlink()
    with pytest.raises(InputError) as caught:
        evaluate(tiny.world, tiny.result)
    assert str(tmp_path / gone).startswith(str(caught.value.source))
    assert caught.value.hint


def test_a_damaged_file_and_a_missing_column_are_named(tiny: TinyWorld) -> None:
    tiny.write()
    pq.write_table(pa.table({"account_id": ["c1"]}), tiny.result / "members.parquet")
    with pytest.raises(InputError, match="columns are missing: group_id, probability"):
        evaluate(tiny.world, tiny.result)
    (tiny.result / "members.parquet").write_bytes(b"PAR1 but not really")
    with pytest.raises(InputError, match="not a readable Parquet file"):
        evaluate(tiny.world, tiny.result)


def test_a_result_of_another_world_is_refused(tiny: TinyWorld) -> None:
    tiny.report("g1", {"somebody": 0.9})
    with pytest.raises(InputError, match="not in truth"):
        tiny.score()


@given(data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_stay_in_their_range_and_agree(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tiny = TinyWorld(tmp_path_factory.mktemp("world"))
    names = [row["account_id"] for row in tiny.truth]
    for group in range(data.draw(st.integers(0, 4))):
        chosen = data.draw(st.dictionaries(st.sampled_from(names), st.floats(0, 1), min_size=1))
        tiny.report(f"g{group}", chosen, q=data.draw(st.sampled_from([0.0, 0.05, 0.2])))
    naming = tiny.score().naming
    precision, recall = naming.precision, naming.recall
    assert (precision.value is None) == (naming.named == 0)
    assert recall.value is not None
    assert 0 <= recall.value <= 1
    if precision.value is not None:
        assert precision.interval is not None
        assert 0 <= precision.interval.low <= precision.value <= precision.interval.high <= 1
        assert precision.successes == naming.named - naming.named_innocent
        assert naming.reweighted["0.0001"].value is not None
    assert sum(f.successes or 0 for f in naming.harm.values()) == naming.named_innocent
