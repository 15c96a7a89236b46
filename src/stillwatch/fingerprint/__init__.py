"""The fingerprint kernel: text in, keyed hashes, counts and small scores out (Arrow both ways)."""

from stillwatch.fingerprint.fingerprinter import Fingerprinter, fingerprint_text
from stillwatch.fingerprint.minhash import jaccard_estimate

__all__ = ["Fingerprinter", "fingerprint_text", "jaccard_estimate"]
