"""An Apache-2.0 product that anyone may ship takes nothing under the GPL into its run time."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

GPL = re.compile(r"\b[AL]?GPL|general public licen[cs]e", re.IGNORECASE)


def runtime_names(root: Path) -> list[str]:
    lock = (root / "requirements" / "runtime.txt").read_text()
    return re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)


def stated_licence(found: Distribution) -> str:
    """Return what a distribution says of its own licence: the expression, else its classifiers."""
    expressions = found.metadata.get_all("License-Expression", [])
    classifiers = found.metadata.get_all("Classifier", [])
    # The old field may hold whole licence texts, those of bundled compilers' run times too.
    fields = [text.partition("\n")[0] for text in found.metadata.get_all("License", [])]
    licences = [line for line in classifiers if line.startswith("License ::")]
    return "; ".join(expressions or licences or fields)


def test_nothing_gpl_at_run_time(root: Path) -> None:
    names = runtime_names(root)
    assert len(names) > 10
    licences = {}
    for name in names:
        try:
            licences[name] = stated_licence(distribution(name))
        except PackageNotFoundError:  # locked for another platform only
            continue
    assert [name for name, licence in licences.items() if not licence] == []
    assert {name: licence for name, licence in licences.items() if GPL.search(licence)} == {}


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "LGPLv2+", "GNU Affero General Public License"]
)
def test_a_gpl_licence_is_seen(licence: str) -> None:
    assert GPL.search(licence)
