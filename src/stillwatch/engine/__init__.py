"""Relational engines behind one protocol; nothing above this floor knows which one runs."""

from stillwatch.engine.protocol import Engine, MapFunction
from stillwatch.engine.select import open_engine

__all__ = ["Engine", "MapFunction", "open_engine"]
