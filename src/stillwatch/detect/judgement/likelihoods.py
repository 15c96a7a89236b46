"""Reads the likelihood table: how often each hypothesis shows each level of each term."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log

from stillwatch.detect.judgement.hypotheses import INNOCENT
from stillwatch.detect.judgement.statistics import STATISTICS
from stillwatch.errors import StillwatchError
from stillwatch.model.vocabulary import EVIDENCE_FAMILIES, EvidenceFamily

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
    says: str
    unless: str
    unless_at: tuple[int, ...]
    """Levels at which the term states `unless` and not `says`."""
    log_likelihood: dict[str, tuple[float, ...]]

    def level(self, value: float) -> int:
        """Return the level that a value of the statistic falls into."""
        return sum(value >= edge for edge in self.edges)

    def can_be_judged(self, fields: Collection[str]) -> bool:
        """Return whether a source with these fields can show the term at all."""
        one_of = not self.needs_one_of or any(need in fields for need in self.needs_one_of)
        return one_of and all(need in fields for need in self.needs)

    def kindest(self, level: int, variant: str, hypothesis: str) -> str:
        """Return what explains this level best: the hypothesis, or one that rivals this term alone."""
        return min((hypothesis, *self.also), key=lambda name: self.log_odds(level, variant, name))

    def log_odds(self, level: int, variant: str, hypothesis: str) -> float:
        """Return log P(level | campaign run this way) - log P(level | hypothesis)."""
        return self.log_likelihood[variant][level] - self.log_likelihood[hypothesis][level]


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
                    edges=tuple(float(e) for e in entry["edges"]),
                    says=entry["says"],
                    unless=entry["unless"],
                    unless_at=tuple(entry.get("unless_at", (0,))),
                    log_likelihood=rows,
                )
            )
    return Likelihoods(calibration=str(raw["calibration"]), terms=tuple(terms))
