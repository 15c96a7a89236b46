"""Trait kinds: one small file each, an explicit registry, and their collection into holdings."""
