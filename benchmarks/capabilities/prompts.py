"""Labelled prompts: corpora whose licence allows training, corpora kept aside, our own grammar."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from stillwatch.model.vocabulary import CAPABILITIES
from stillwatch.simulate.streams import mix
from stillwatch.simulate.text.corpora.records import corpus_files, read_records, texts_of
from stillwatch.simulate.text.languages import english
from stillwatch.simulate.text.texts import GrammarTexts

HERE: Final = Path(__file__).parent
OTHER: Final = "other"
LABELS: Final = (*CAPABILITIES, OTHER)
GRAMMAR: Final = "grammar"
FREE: Final = frozenset({"Apache-2.0", "MIT", "Apache-2.0/MIT", "CC0-1.0"})
"""Licences of data that weights may be trained on: the manifest's whole entry, nothing beside it."""
MOST: Final = 500
"""Prompts taken of one folder, drawn by a fixed seed."""
_SHORTEST: Final = 8
_COMMAND: Final = "/"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text and what it is known to exercise."""

    text: str
    label: str
    also: str
    """A second label that is no mistake, or `-`."""
    source: str
    family: str
    """Folders of one origin: they are trained on, or kept aside, together."""
    free: bool
    """Whether weights may be trained on it."""


def read_prompts(data: Path) -> list[Prompt]:
    """Return the labelled prompts of a folder that holds MANIFEST.tsv and prompts/."""
    licences = {
        name.removeprefix("prompts/"): licence
        for name, *_, licence in table(data / "MANIFEST.tsv")
        if name.startswith("prompts/")
    }
    categories = dict(table(HERE / "categories.tsv"))
    prompts = []
    for folder, path, label, family, also in table(HERE / "sources.tsv"):
        files = corpus_files(data / "prompts" / folder)
        records = [record for file in files for record in read_records(file)]
        labels = dict(table(HERE / "labels" / f"{folder}.tsv")) if label == "reader" else {}
        found: dict[str, str] = {}
        for place, record in enumerate(records):
            said = label
            if label == "reader":
                said = labels.get(str(place), "")
            elif label == "category":
                said = categories.get(record["category"], "")
            for text in _texts(record, path) if said else ():
                if len(text) >= _SHORTEST and not text.startswith(_COMMAND):
                    found.setdefault(text, said)
        chosen = sorted(found.items())
        if len(chosen) > MOST:
            chosen = random.Random(folder).sample(chosen, MOST)  # noqa: S311 (a sample, no secret)
        free = licences[folder] in FREE
        prompts += [Prompt(text, said, also, folder, family, free) for text, said in chosen]
    return prompts


def grammar_prompts(count: int) -> list[Prompt]:
    """Return so many prompts of each label by the project's own grammar."""
    texts = GrammarTexts()
    phrases = {name: texts.items(name) for name in CAPABILITIES} | {OTHER: english()["request"]}
    prompts = []
    for place, (label, phrase) in enumerate(phrases.items()):
        seeds = mix(np.arange(count, dtype=np.uint64), 7000 + place)
        owners = np.arange(count)
        rendered = phrase.render(seeds, owners, owners).to_pylist()
        prompts += [Prompt(text, label, "-", GRAMMAR, GRAMMAR, True) for text in rendered]
    return prompts


def _texts(record: Any, path: str) -> Iterator[str]:
    return (text for text in texts_of(record, path) if text.strip())


def table(path: Path) -> list[list[str]]:
    """Return the rows of a table separated by tabs; a line that begins with `#` says what it is."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.name == "MANIFEST.tsv":
        lines = lines[1:]
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
