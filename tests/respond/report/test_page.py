"""The page: what it must say, and what it must never do with what an attacker wrote."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.respond.report import write_report
from tests.respond.report.findings import (
    add_campaign,
    empty_folder,
    full_folder,
    null_folder,
)
from tests.respond.report.result_folder import Folder

VOID = {"meta", "br", "input", "link", "img", "hr"}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></script><!--",
    "\u202egnp.exe\u2066",
    "line\nbreak\r\x00\x1b[31m",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&amp;",
    "z" * 5000,
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
)


class Outline(HTMLParser):
    """Collects tags, attributes, text and headings, and checks that tags nest."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(page)
    parser.close()
    assert not parser._open
    return parser


def report(folder: Folder, path: Path) -> tuple[str, Outline]:
    page = write_report(folder.write(path)).read_text(encoding="utf-8")
    return page, outline(page)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Outline]:
    return report(full_folder(), tmp_path_factory.mktemp("full"))


def test_a_campaign_shows_all_that_an_analyst_needs(full: tuple[str, Outline]) -> None:
    text = full[1].text
    for words in (
        "Found 1 campaign: 147 accounts that act as one",
        "147 accounts work through one queue",
        "59,094", "of 89,670 that its accounts made", "0.0021", "Shared workload",
        "Coordination Are these accounts run as one? +16.1",
        "repeat about 2,900. content", "benchmark crowd", "+6.4 = +6.4", "+4.1 = +10.5",
        "req_c1a7_0003", "Mathematical reasoning", "62 %",
        "answer replayed 98", "203.0.113.0/24", "Drawn: 147 accounts of 147, 12 ties of 13.",
        "2026-03-02", "acct_",
    ):  # fmt: skip
        assert words in text, words


def test_the_rest_is_there_too(full: tuple[str, Outline]) -> None:
    text = full[1].text
    for words in (
        "Groups that are not campaigns", "86 accounts of one company",
        "speaks against extraction (−2.4) and concealment (−6.0)",
        "Ran on user agents; ja4 is absent.", "billing_country",
        "negative input_tokens 10", "simulation-calibrated", "public development key",
        "9c" * 32, "48.1 MB", "max rejected", "1,204,551 exchanges",
        "It does not say who runs the accounts",
    ):  # fmt: skip
        assert words in text, words


def test_it_says_evidence_and_never_proof(full: tuple[str, Outline]) -> None:
    assert not re.search(r"\bpro(of|ves?|ven)\b", full[1].text.replace("“", ""), re.IGNORECASE)


def test_spared_groups_are_folded(full: tuple[str, Outline]) -> None:
    folded = [attrs for tag, attrs in full[1].tags if tag == "details"]
    assert len([attrs for attrs in folded if attrs.get("class") == "spared"]) == 5
    assert not any("open" in attrs for attrs in folded)


def test_headings_step_down_one_at_a_time(full: tuple[str, Outline]) -> None:
    levels = [int(tag[1]) for tag, _ in full[1].tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_ids_are_unique_and_references_hold(full: tuple[str, Outline]) -> None:
    page = full[1]
    assert len(page.ids) == len(set(page.ids))
    for _, attrs in page.tags:
        target = attrs.get("href") or ""
        assert target.startswith("#") or not target
        for name in (target.removeprefix("#"), attrs.get("aria-labelledby")):
            assert not name or name in page.ids


def test_every_picture_says_what_it_shows(full: tuple[str, Outline]) -> None:
    pictures = [attrs for tag, attrs in full[1].tags if tag == "svg"]
    labelled = [attrs for attrs in pictures if attrs.get("aria-hidden") != "true"]
    assert [attrs["class"] for attrs in labelled] == ["timeline", "rhythm", "ties"]
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in labelled)
    assert {attrs["class"] for attrs in pictures} == {"timeline", "rhythm", "ties", "bar", "share"}


def test_the_policy_allows_the_inline_blocks_and_nothing_else(full: tuple[str, Outline]) -> None:
    page = full[0]
    policy = next(
        attrs["content"] for _, attrs in full[1].tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )  # fmt: skip
    assert policy is not None
    for block in ("style", "script"):
        found = re.findall(f"<{block}>(.*?)</{block}>", page, re.DOTALL)
        assert len(found) == 1
        digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
        assert f"{block}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def check_harmless(page: Outline) -> None:
    """Check that a page runs, fetches and styles nothing but its own two blocks."""
    for tag, attrs in page.tags:
        assert tag not in {"img", "iframe", "object", "embed", "link", "base", "form", "b"}
        for name, value in attrs.items():
            assert not name.startswith("on")
            assert name not in {"style", "src", "srcset", "action", "xlink:href"}
            if name == "href":
                assert (value or "").startswith("#")
    assert sum(tag == "script" for tag, _ in page.tags) == 1


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def poison(folder: Folder, text: str) -> Folder:
    """Replace or extend every string of a folder by hostile text, keys kept apart."""
    keys = {"group_id", "account_id", "account_a", "account_b", "value"}
    for rows in folder.tables.values():
        for row in rows:
            for name, value in row.items():
                if isinstance(value, str):
                    if name == "term":
                        row[name] = value + text
                    elif name == "kind" and "summary" in row:
                        continue
                    else:
                        row[name] = value + text if name in keys else text
                elif isinstance(value, list) and value and isinstance(value[0], str):
                    row[name] = [item + text for item in value]
                elif name == "capabilities":
                    row[name] = [(key + text, share) for key, share in value]
    folder.scan = {
        **folder.scan,
        "stillwatch_version": text,
        "parameters": {text: text, "list": [text]},
        "inputs": [{"path": text, "bytes": 1, "sha256": text}],
        "notes": [text, f"calibration {text}"],
        "window": {"first": text, "last": text},
        "timings": {text: 1.0},
    }
    return folder


@settings(max_examples=30)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=200)))
def test_hostile_text_stays_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = full_folder(accounts=8)
    folder.tables["members"][0]["probability"] = float("nan")
    page, parsed = report(poison(folder, text), tmp_path_factory.mktemp("hostile"))
    check_harmless(parsed)
    assert "\x00" not in page
    assert not set(page) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b")


def test_hostile_text_is_shown_as_it_was_written(tmp_path: Path) -> None:
    _, parsed = report(poison(full_folder(accounts=8), HOSTILE[0]), tmp_path)
    assert parsed.text.count("<script>alert(1)</script>") > 100


@pytest.mark.parametrize("folder", [null_folder(), empty_folder(), Folder()])
def test_a_result_without_campaign(folder: Folder, tmp_path: Path) -> None:
    _, parsed = report(folder, tmp_path)
    check_harmless(parsed)
    assert not any(attrs.get("class") == "campaign" for _, attrs in parsed.tags)


@pytest.mark.parametrize(
    "scan",
    [{}, {"counts": 3, "inputs": {}, "window": [], "notes": "x", "timings": {"a": "b"}},
     {"counts": {"left_out": {"probe": 3, "block": 4}}, "inputs": [None, {"bytes": "no"}]}],
)  # fmt: skip
def test_a_strange_record_is_no_obstacle(scan: dict[str, Any], tmp_path: Path) -> None:
    folder = full_folder(accounts=5)
    folder.scan = scan
    _, parsed = report(folder, tmp_path)
    assert ("7 rows left out" in parsed.text) == ("inputs" in scan and "notes" not in scan)


def test_a_thousand_accounts_fit_in_two_megabytes(tmp_path: Path) -> None:
    page, parsed = report(full_folder(accounts=1000), tmp_path)
    assert len(page.encode()) < 2_000_000
    assert "are the 1,000 strongest" not in parsed.text


def test_long_lists_are_capped_and_say_so(tmp_path: Path) -> None:
    folder = Folder()
    add_campaign(folder, 2500)
    _, parsed = report(folder, tmp_path)
    assert "Listed here are the 1,000 strongest of 2,500" in parsed.text
    assert "Drawn: 600 accounts of 2,500" in parsed.text
    assert sum(tag == "tr" for tag, _ in parsed.tags) < 1100


def test_several_campaigns_share_the_room(tmp_path: Path) -> None:
    folder = Folder()
    for number in range(45):
        add_campaign(folder, 130, f"group{number:02d}")
    _, parsed = report(folder, tmp_path)
    assert "Listed here are the 125 strongest of 130" in parsed.text
    assert "5 more campaigns are not shown here" in parsed.text


def test_terms_that_do_not_add_up_are_pointed_out(tmp_path: Path) -> None:
    folder = full_folder(accounts=5)
    folder.tables["groups"][0]["extraction_log_odds"] += 2.0
    _, parsed = report(folder, tmp_path)
    assert "The terms leave +2.0 of this score unexplained" in parsed.text


def test_a_report_is_replaced_whole_and_the_same_each_time(tmp_path: Path) -> None:
    first = write_report(full_folder().write(tmp_path)).read_bytes()
    (tmp_path / "report.html").write_text("old")
    assert write_report(tmp_path).read_bytes() == first
    assert [path.name for path in tmp_path.iterdir() if "report" in path.name] == ["report.html"]
