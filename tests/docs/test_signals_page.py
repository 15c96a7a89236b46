"""The page on signals describes every kind and term that detection uses, as it uses them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from stillwatch.detect import LinkKind, TraitKind
from stillwatch.detect.groups.membership import OBSERVATIONS
from stillwatch.detect.judgement.hypotheses import INNOCENT, rivals
from stillwatch.detect.judgement.likelihoods import SCORES, VARIANTS, built_in_likelihoods
from stillwatch.detect.links.registry import BUILT_IN as LINKS
from stillwatch.detect.traits.registry import BUILT_IN as TRAITS
from stillwatch.model.tables_in import ACCOUNT_EVENTS, ACCOUNTS, CONTROL_EVENTS, EXCHANGES

FACTS = re.compile(
    r"^\*\*(?P<family>\w+)\*\*(?: · bundle `(?P<bundle>\w+)`)?(?: · reads `(?P<reads>\w+)`)?"
    r" · needs (?P<needs>`[\w.]+`(?:, `[\w.]+`)*)$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One signal as the page describes it."""

    family: str
    bundle: str | None
    reads: str | None
    needs: tuple[str, ...]
    cause: str
    price: str


def sections(page: str, level: int) -> dict[str, str]:
    """Return the text under each heading of this level, up to the next one as high."""
    parts = re.split(rf"^(#{{1,{level}}}) (.+)$", page, flags=re.MULTILINE)
    return {
        title: text
        for marks, title, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
        if len(marks) == level
    }


def point(name: str, text: str) -> str:
    """Return a bullet's sentence in one line."""
    found = re.search(rf"^- {name}: (.+?)(?=^- |^$|\Z)", text, re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def entries(text: str) -> dict[str, Entry]:
    found = {}
    for title, body in sections(text, 3).items():
        facts = FACTS.search(body)
        assert facts is not None, f"{title} has no line of family and needs"
        found[title.strip("`")] = Entry(
            family=facts["family"],
            bundle=facts["bundle"],
            reads=facts["reads"],
            needs=tuple(re.findall(r"`([\w.]+)`", facts["needs"])),
            cause=point("Innocent cause", body),
            price=point("Price of evasion", body),
        )
    return found


@pytest.fixture(scope="module")
def parts() -> dict[str, str]:
    page = Path(__file__).parents[2] / "docs" / "reference" / "signals.md"
    text = page.read_text()
    return {
        title: text.split(f"\n## {title}\n")[1].split("\n## ")[0] for title in sections(text, 2)
    }


def test_every_trait_kind_is_described_as_it_is(parts: dict[str, str]) -> None:
    described = entries(parts["Traits"])
    assert {n: (e.family, e.bundle, e.needs) for n, e in described.items()} == {
        k.name: (k.family, k.bundle, k.needs) for k in TRAITS
    }


def test_every_link_kind_is_described_as_it_is(parts: dict[str, str]) -> None:
    described = entries(parts["Links"])
    assert {n: (e.family, e.needs) for n, e in described.items()} == {
        k.name: (k.family, k.needs) for k in LINKS
    }


@pytest.mark.parametrize("kind", [*TRAITS, *LINKS], ids=lambda kind: kind.name)
def test_page_and_code_give_one_innocent_cause_and_price(
    parts: dict[str, str], kind: TraitKind | LinkKind
) -> None:
    entry = {**entries(parts["Traits"]), **entries(parts["Links"])}[kind.name]
    assert entry.cause.lower().startswith(kind.innocent_cause.lower())
    assert entry.price.lower().startswith(kind.price_of_evasion.lower())


def test_every_term_of_judgement_is_described_as_it_is(parts: dict[str, str]) -> None:
    described = entries(parts["Terms of judgement"])
    assert {n: (e.family, e.reads) for n, e in described.items()} == {
        f"{t.score}.{t.name}": (t.family, t.statistic) for t in built_in_likelihoods().terms
    }
    assert [n for n, e in described.items() if not (e.cause and e.price)] == []


def test_terms_need_columns_that_there_are(parts: dict[str, str]) -> None:
    columns = {f"exchanges.{name}" for name in EXCHANGES.names}
    columns |= {f"accounts.{name}" for name in ACCOUNTS.names}
    columns |= {f"account_events.{name}" for name in ACCOUNT_EVENTS.names}
    columns |= {f"control_events.{name}" for name in CONTROL_EVENTS.names}
    needed = {n for e in entries(parts["Terms of judgement"]).values() for n in e.needs}
    assert needed - columns == set()


def test_every_innocent_explanation_stands_with_the_scores_that_it_rivals(
    parts: dict[str, str],
) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|(.*)\|$", parts["Terms of judgement"], re.MULTILINE)
    shown = {
        name: (says, tuple(cell.strip() == "yes" for cell in cells.split("|")))
        for name, says, cells in rows
    }
    assert shown == {
        h.name: (h.says, tuple(h in rivals(score) for score in SCORES)) for h in INNOCENT
    }


def test_every_reading_of_a_campaign_is_named(parts: dict[str, str]) -> None:
    assert [v for v in VARIANTS if f"`{v}`" not in parts["Terms of judgement"]] == []


def test_every_term_of_membership_is_described(parts: dict[str, str]) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", parts["Terms of membership"], re.MULTILINE)
    assert set(rows) == {"base_rate", *OBSERVATIONS, "own_acts"}
