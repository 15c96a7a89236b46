"""Innocent traffic of a world beside real traces."""
