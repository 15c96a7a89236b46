"""Stillwatch finds, explains and stops distillation campaigns against a model API."""

__version__ = "0.1.0"
