"""Reads logs of any known format into the canonical tables."""

from stillwatch.ingest.accounts import read_account_events, read_accounts
from stillwatch.ingest.batches import IngestedBatch
from stillwatch.ingest.canonical_tree import IngestReport, check_rejected, write_tree
from stillwatch.ingest.companions import Companions, find_companions
from stillwatch.ingest.duplicates import split_duplicates
from stillwatch.ingest.locations import LogFile, log_files
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.read import Progress, ReadProgress, read_logs

__all__ = [
    "Companions",
    "IngestOptions",
    "IngestReport",
    "IngestedBatch",
    "LogFile",
    "Progress",
    "ReadProgress",
    "check_rejected",
    "find_companions",
    "log_files",
    "read_account_events",
    "read_accounts",
    "read_logs",
    "split_duplicates",
    "write_tree",
]
