"""Scores of scans over worlds, seeds and hash keys."""
