"""Scores a scan against a world's truth, strictly (design page, section 7)."""

from stillwatch.evaluate.evaluation import Evaluation, evaluate
from stillwatch.evaluate.figures import Figure, Row

__all__ = ["Evaluation", "Figure", "Row", "evaluate"]
