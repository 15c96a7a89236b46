"""The page in a real browser: it fetches nothing, complains of nothing, fits a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stillwatch.respond.report import write_report
from tests.components import component
from tests.respond.report.browser import CHROMIUM, Page, browser
from tests.respond.report.findings import empty_folder, full_folder, null_folder
from tests.respond.report.test_page import HOSTILE, poison

PAGES = ("full", "null", "empty", "hostile")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    component("chromium", CHROMIUM is not None)
    long_text = "".join(HOSTILE)
    folders = {
        "full": full_folder(),
        "null": null_folder(),
        "empty": empty_folder(),
        "hostile": poison(full_folder(accounts=30), long_text),
    }
    root = tmp_path_factory.mktemp("reports")
    return {name: write_report(folder.write(root / name)) for name, folder in folders.items()}


@pytest.fixture(scope="module")
def page(reports: dict[str, Path]) -> Iterator[Page]:
    with browser() as opened:
        yield opened


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [420, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_it_fetches_nothing_and_fits(
    page: Page, reports: dict[str, Path], name: str, width: int, dark: bool
) -> None:
    page.requests.clear()
    page.complaints.clear()
    page.open(reports[name], width, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.requests == [reports[name].as_uri()]
    assert page.complaints == []


def test_the_policy_is_in_force(page: Page, reports: dict[str, Path]) -> None:
    page.open(reports["full"])
    page.complaints.clear()
    page.evaluate(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        "document.body.append(s); const i = new Image(); i.src = 'https://example.invalid/x';"
        "document.body.append(i); })()"
    )
    assert page.evaluate("window.ran === undefined")
    assert sum("Content Security Policy" in complaint for complaint in page.complaints) >= 2


def test_members_can_be_paged_sorted_and_found(page: Page, reports: dict[str, Path]) -> None:
    page.open(reports["full"])
    rows = "[...document.querySelector('table[data-paged]').tBodies[0].rows]"
    column = f"{rows}.map(row => Number(row.cells[3].dataset.v))"
    where = "document.querySelector('.tools output').textContent"
    press = "[...document.querySelectorAll('.tools button, table[data-paged] thead button')]"

    def click(label: str) -> None:
        page.evaluate(f"{press}.find(button => button.textContent === '{label}').click()")

    assert page.evaluate(f"{rows}.length") == 25
    assert page.evaluate(where) == "1–25 of 147"
    click("Next")
    assert page.evaluate(where) == "26–50 of 147"
    click("Exchanges")
    largest = page.evaluate(column)
    assert largest == sorted(largest, reverse=True)
    assert page.evaluate(where) == "1–25 of 147"
    click("Exchanges")
    smallest = page.evaluate(column)
    assert smallest == sorted(smallest)
    assert smallest[0] < largest[-1]
    assert (
        page.evaluate("document.querySelectorAll('th[aria-sort]').length") == 1
        and page.evaluate("document.querySelector('th[aria-sort]').ariaSort") == "ascending"
    )
    wanted = page.evaluate(f"{rows}[3].cells[0].textContent")
    page.evaluate(
        "(() => { const box = document.querySelector('.tools input');"
        f"box.value = '{wanted}'; box.dispatchEvent(new Event('input')); }})()"
    )
    assert page.evaluate(f"{rows}.map(row => row.cells[0].textContent)") == [wanted]


def test_words_stand_out_from_their_ground(page: Page, reports: dict[str, Path]) -> None:
    """WCAG 2.2, 1.4.3: text of this size needs a contrast of 4.5."""
    contrast = """(() => {
      const parse = (c) => c.match(/[\\d.]+/g).map(Number);
      const light = (c) => { const [r, g, b] = parse(c).slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const ground = (e) => { for (; e; e = e.parentElement) {
        const c = getComputedStyle(e).backgroundColor; if ((parse(c)[3] ?? 1) > 0) return c; } };
      const poor = [];
      for (const e of document.querySelectorAll('body *')) {
        const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
        if (!own || e.closest('svg, script, button:disabled')) continue;
        if (!e.getClientRects().length) continue;
        const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) poor.push(`${e.className} ${e.textContent.slice(0, 30)} ${ratio}`);
      }
      return poor; })()"""
    for dark in (False, True):
        page.open(reports["full"], dark=dark)
        assert page.evaluate(contrast) == []
