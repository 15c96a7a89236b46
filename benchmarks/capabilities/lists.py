"""The lists as data: read from a folder of tables, written back, and run through the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.capabilities.prompts import HERE
from stillwatch.fingerprint.kernel import EVERYTHING
from stillwatch.fingerprint.keys import KernelKeys
from stillwatch.fingerprint.lexicon import Lexicon, LexiconEntry
from stillwatch.fingerprint.texts import TextReader
from stillwatch.model.hashing import HashKey
from stillwatch.model.vocabulary import CAPABILITIES, FEATURES

BY_HAND: Final = HERE / "by_hand"
"""The lists that a person wrote; training starts from them."""
_NAMES: Final[tuple[str, ...]] = CAPABILITIES
_KEY: Final = HashKey.from_text("capabilities, measured")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list."""

    capability: str
    language: str
    weight: int
    words: str


def read_lists(folder: Path) -> list[Line]:
    """Return the lines of the seven tables in a folder."""
    lines = []
    for name in CAPABILITIES:
        for record in (folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            if record and not record.startswith("#"):
                language, weight, words = record.split("\t")
                lines.append(Line(name, language, int(weight), words))
    return lines


def write_lists(folder: Path, lines: list[Line]) -> None:
    """Write the tables: comments as they stand by hand, English strongest first."""
    for name in CAPABILITIES:
        old = (BY_HAND / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        text = [record for record in old if record.startswith("#")]
        mine = [line for line in lines if line.capability == name]
        english = sorted(
            (line for line in mine if line.language == "en"), key=lambda x: (-x.weight, x.words)
        )
        marks = [line for line in mine if line.language == "any"]
        rest = [line for line in mine if line.language not in ("any", "en")]
        for line in (*marks, *english, *rest):
            text.append(f"{line.language}\t{line.weight}\t{line.words}")
        (folder / f"{name}.tsv").write_text("\n".join(text) + "\n", encoding="utf-8")


def kernel_scores(lines: list[Line], texts: list[str]) -> npt.NDArray[np.int64]:
    """Return the kernel's seven scores of each text with these lists in place of its own."""
    keys = KernelKeys.derive(_KEY)
    bare = TextReader(keys, Lexicon.compile((), keys.numbers, lambda _: ([], [])))
    entries = [
        LexiconEntry(
            len(FEATURES) + _NAMES.index(line.capability),
            line.weight,
            line.words,
        )
        for line in lines
    ]
    reader = TextReader(keys, Lexicon.compile(entries, keys.numbers, bare.read_words))
    packed = reader.hash_texts(pa.array(texts, pa.string()), EVERYTHING).capabilities
    return np.stack([packed >> (8 * k) & 255 for k in range(len(CAPABILITIES))], axis=1)
