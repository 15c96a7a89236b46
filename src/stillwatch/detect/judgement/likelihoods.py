"""Reads the likelihood table: how often each hypothesis shows each level of each term."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import exp, inf, log
from typing import Final

from stillwatch.detect.judgement.hypotheses import INNOCENT
from stillwatch.detect.judgement.statistics import STATISTICS
from stillwatch.errors import StillwatchError
from stillwatch.model.vocabulary import EVIDENCE_FAMILIES, EvidenceFamily

_BLUR: Final = 0.25
EXTRACTION = "extraction"
SCORES = ("coordination", EXTRACTION, "concealment")
CAMPAIGN = "campaign"
VARIANTS = ("pool", "direct")
"""How a campaign is run: which signals come together depends on it, so it is judged as one of the two."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a score: a statistic cut into levels, and how likely each level is."""

    score: str
    name: str
    family: EvidenceFamily
    needs: tuple[str, ...]
    """Fields without which the term cannot be judged, as `exchanges.COLUMN` or `accounts.COLUMN`."""
    needs_one_of: tuple[str, ...]
    """Fields of which one must be there, if any are named: each alone can show it."""
    also: tuple[str, ...]
    """Innocent explanations that rival this term alone, beside those of its score."""
    statistic: str
    edges: tuple[float, ...]
    blur: tuple[float, ...]
    """How far to both sides of each edge a value counts in part as the level beyond it."""
    says: str
    unless: str
    unless_at: tuple[int, ...]
    """Levels at which the term states `unless` and not `says`."""
    log_likelihood: dict[str, tuple[float, ...]]

    def level(self, value: float) -> int:
        """Return the level that a value of the statistic falls into."""
        return sum(value >= edge for edge in self.edges)

    def shares(self, value: float) -> tuple[tuple[int, float], ...]:
        """Return the levels that a value counts as and how far as each; they sum to 1.

        A measured share is a sample. Were it cut sharply, two accounts more or less, or another hash
        key, would move a whole verdict by what lies between two levels.
        """
        level = self.level(value)
        for edge, blur, below in zip(self.edges, self.blur, range(len(self.edges)), strict=True):
            if blur > 0.0 and abs(value - edge) < blur:
                above = (value - edge + blur) / (2.0 * blur)
                return ((below, 1.0 - above), (below + 1, above))
        return ((level, 1.0),)

    def log_probability(self, value: float, hypothesis: str) -> float:
        """Return log P(value | hypothesis), up to what is the same under all of them."""
        row = self.log_likelihood[hypothesis]
        shares = self.shares(value)
        if len(shares) == 1:
            return row[shares[0][0]]
        return log(sum(share * exp(row[level]) for level, share in shares))

    def can_be_judged(self, fields: Collection[str]) -> bool:
        """Return whether a source with these fields can show the term at all."""
        one_of = not self.needs_one_of or any(need in fields for need in self.needs_one_of)
        return one_of and all(need in fields for need in self.needs)

    def kindest(self, value: float, variant: str, hypothesis: str) -> str:
        """Return what explains this value best: the hypothesis, or one that rivals this term alone."""
        return min((hypothesis, *self.also), key=lambda name: self.log_odds(value, variant, name))

    def log_odds(self, value: float, variant: str, hypothesis: str) -> float:
        """Return log P(value | campaign run this way) - log P(value | hypothesis)."""
        return self.log_probability(value, variant) - self.log_probability(value, hypothesis)


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """The whole table, and a sentence on where its numbers come from."""

    calibration: str
    terms: tuple[Term, ...]

    def on(self, fields: Collection[str]) -> Likelihoods:
        """Return the table with only the terms whose fields a source holds."""
        able = tuple(t for t in self.terms if t.can_be_judged(fields))
        return Likelihoods(self.calibration, able)


@cache
def built_in_likelihoods() -> Likelihoods:
    """Read the table shipped with the package; raises StillwatchError where it is not sound."""
    text = files(__package__).joinpath("likelihoods.toml").read_text(encoding="utf-8")
    return parse_likelihoods(text, source="likelihoods.toml")


def parse_likelihoods(text: str, *, source: str) -> Likelihoods:
    """Read a table from TOML; every row must be a distribution over the term's levels."""
    raw = tomllib.loads(text)
    hypotheses = [*VARIANTS, *(h.name for h in INNOCENT)]
    terms = []
    for score in SCORES:
        for name, entry in raw.get(score, {}).items():
            where = f"{score}.{name}"
            if entry["statistic"] not in STATISTICS or entry["family"] not in EVIDENCE_FAMILIES:
                raise StillwatchError(
                    f"{where} names an unknown statistic or family", source=source
                )
            also = tuple(entry.get("also", ()))
            if not set(also) <= {h.name for h in INNOCENT}:
                raise StillwatchError(f"{where} names an unknown explanation", source=source)
            edges = tuple(float(e) for e in entry["edges"])
            rows = {}
            for hypothesis in hypotheses:
                shared = entry.get(CAMPAIGN, ()) if hypothesis in VARIANTS else ()
                row = tuple(float(p) for p in entry.get(hypothesis, shared))
                sound = len(row) == len(entry["edges"]) + 1 and min(row) > 0
                if not sound or abs(sum(row) - 1.0) > 1e-6:
                    raise StillwatchError(
                        f"{where}.{hypothesis} is no distribution over {len(entry['edges']) + 1} levels",
                        source=source,
                        hint="give one positive probability a level, summing to 1",
                    )
                rows[hypothesis] = tuple(log(p) for p in row)
            terms.append(
                Term(
                    score=score,
                    name=name,
                    family=entry["family"],
                    needs=tuple(entry.get("needs", ())),
                    needs_one_of=tuple(entry.get("needs_one_of", ())),
                    also=also,
                    statistic=entry["statistic"],
                    edges=edges,
                    blur=(0.0,) * len(edges) if entry.get("coded") else _blur(edges),
                    says=entry["says"],
                    unless=entry["unless"],
                    unless_at=tuple(entry.get("unless_at", (0,))),
                    log_likelihood=rows,
                )
            )
    return Likelihoods(calibration=str(raw["calibration"]), terms=tuple(terms))


def _blur(edges: Sequence[float]) -> tuple[float, ...]:
    # A quarter of the narrower level beside the edge, but never so far that nothing at all (zero) is
    # taken for something.
    gaps = [inf, *(b - a for a, b in pairwise(edges)), inf]
    narrower = [min(pair) for pair in pairwise(gaps)]
    return tuple(
        min(_BLUR * (gap if gap < inf else abs(edge)), 0.5 * abs(edge))
        for edge, gap in zip(edges, narrower, strict=True)
    )
