"""Requests drawn from text corpora in a folder that the user names; none ship with Stillwatch."""

from __future__ import annotations

from stillwatch.simulate.text.corpora.corpus_texts import CorpusTexts

__all__ = ["CorpusTexts"]
