"""Texts drawn from corpora, where these have enough of them, and from the grammar elsewhere."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from stillwatch.errors import InputError
from stillwatch.simulate.streams import key_of
from stillwatch.simulate.text.corpora.languages import guess_language
from stillwatch.simulate.text.corpora.records import SUFFIXES, corpus_files, read_records, texts_of
from stillwatch.simulate.text.grammar import Mixture, OneOf, Phrase, Typed
from stillwatch.simulate.text.languages import english
from stillwatch.simulate.text.texts import GrammarTexts
from stillwatch.simulate.text.workloads import frozen

ENOUGH: Final = 500
"""Texts of one use that need no help; with fewer, the grammar supplies the share that is missing."""
_PLAIN_FIELDS: Final = ("text", "prompt", "instruction")
_BY_LANGUAGE: Final = ("everyday", "follow_up")


class CorpusTexts(GrammarTexts):
    """The requests of a folder of corpora, by use and language; equal folders give equal texts.

    Which corpus serves what is the table `uses.tsv`. A file that it does not name serves everyday
    chat, if its lines or its fields `text`, `prompt` or `instruction` hold text. What corpora have
    none of (tool results, traces, pipelines, viral prompts) comes from the grammar.

    Corpora are far smaller than worlds, so their texts come again and again, and then strangers
    share whole requests, as they do in no real log: `reuse` says how often.

    Raises InputError for a folder that is missing, holds no corpus, or a file that is none.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise InputError("no such folder", source=str(folder), hint="name a folder of corpora")
        texts: defaultdict[str, dict[str, None]] = defaultdict(dict)
        digest = hashlib.blake2b(digest_size=6)
        for path in corpus_files(folder):
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
            for use, text in _of_file(path, folder):
                if use in _BY_LANGUAGE:
                    use = f"{use}:{guess_language(text)}"
                texts[use][text] = None
        if not texts:
            raise InputError(
                "no corpus was found in it",
                source=str(folder),
                hint="it needs files that end in "
                + ", ".join(SUFFIXES)
                + ", plain or as .zst or .gz, with prompts in them",
            )
        self.name = f"corpus {digest.hexdigest()}"
        self._texts = {use: sorted(found) for use, found in texts.items()}
        self._phrases: dict[str, Phrase] = {}

    @property
    def size(self) -> int:
        """How many different texts there are."""
        return len({text for found in self._texts.values() for text in found})

    def counts(self) -> dict[str, int]:
        """Return how many different texts there are for each use."""
        return {use: len(texts) for use, texts in sorted(self._texts.items())}

    def reuse(self, use: str, draws: int) -> float:
        """Return how often, on average, a text of one use comes in so many draws, if it comes.

        A use without texts in the corpora has none to reuse, which is 0.
        """
        count = len(self._texts.get(use, ()))
        if not count or not draws:
            return 0.0
        drawn = draws * min(1.0, count / ENOUGH)
        return drawn / (count * (1 - (1 - 1 / count) ** drawn)) if count > 1 else drawn

    def everyday(self, language: str) -> Phrase:
        """Return what people ask in a chat, in one language."""
        return self._drawn(f"everyday:{language}", super().everyday(language))

    def follow_up(self, language: str) -> Phrase:
        """Return what people answer to an answer."""
        return self._drawn(f"follow_up:{language}", super().follow_up(language))

    def developer(self) -> Phrase:
        """Return what people's own programs and notebooks ask."""
        return self._drawn("developer", super().developer())

    def agent(self) -> Phrase:
        """Return what people tell an agent tool to do."""
        return self._drawn("agent", super().agent())

    def items(self, capability: str) -> Phrase:
        """Return plain tasks that exercise one capability, as anybody might set them."""
        return self._drawn(f"items:{capability}", super().items(capability), typed=False)

    def short_items(self, capability: str) -> Phrase:
        """Return tasks as `items` does: a corpus has short ones among the others."""
        return self.items(capability)

    def step_by_step(self) -> Phrase:
        """Return what learners and prompt tinkerers ask who want to see the reasoning."""
        if "step_by_step" not in self._phrases:
            tasks = self.items("reasoning_mathematics")
            asked = english().template("{task}\n{~steps_please}", task=tasks)
            self._phrases["step_by_step"] = Mixture([(1, asked), (1, super().step_by_step())])
        return self._phrases["step_by_step"]

    def grading(self) -> Phrase:
        """Return what teachers and researchers ask who want something scored."""
        return self._drawn("grading", super().grading(), typed=False)

    def benchmark(self, form: str, *names: str | int) -> Phrase:
        """Return the prompt of one public benchmark (`evaluations.FORMS`), with an item in it."""
        if f"benchmark:{form}" not in self._texts:
            return super().benchmark(form, *names)
        whole = f"benchmark:{form}:{names}"
        if whole not in self._phrases:
            # Published items are the same for all who run them: these are not helped out.
            items = OneOf(self._texts[f"benchmark:{form}"])
            key = key_of("benchmark", *names)
            self._phrases[whole] = frozen(f"benchmark_{form}", key, items)
        return self._phrases[whole]

    def _drawn(self, use: str, otherwise: Phrase, typed: bool = True) -> Phrase:
        """Return the texts of a use, helped out by the grammar where they are few."""
        if use not in self._phrases:
            texts = self._texts.get(use, [])
            phrase = otherwise
            if texts:
                own: Phrase = OneOf(texts)
                own = Typed(own) if typed else own
                share = min(1.0, len(texts) / ENOUGH)
                parts = [(share, own), (1 - share, otherwise)]
                phrase = own if share == 1.0 else Mixture(parts)
            self._phrases[use] = phrase
        return self._phrases[use]


@cache
def _uses() -> tuple[tuple[str, str, tuple[str, ...], int, int], ...]:
    """Return the lines of `uses.tsv`: folder pattern, path, uses, least and most characters."""
    table = (files(__package__) / "uses.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return tuple((r[0], r[1], tuple(r[2].split()), int(r[3]), int(r[4])) for r in rows)


def _of_file(path: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the use and text of everything that one file holds."""
    names = {path.parent.name, path.name.split(".")[0]} - {folder.name}
    known = [use for use in _uses() if any(fnmatch(name, use[0]) for name in names)]
    for record in read_records(path):
        if isinstance(record, str):
            yield "everyday", record.strip()
            continue
        for _, where, uses, least, most in known:
            for text in texts_of(record, where):
                found = text.strip()
                if least <= len(found) <= most:
                    yield from ((use, found) for use in uses)
        if not known:
            found = next((t for field in _PLAIN_FIELDS for t in texts_of(record, field)), "")
            if found.strip():
                yield "everyday", found.strip()
