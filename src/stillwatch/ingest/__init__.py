"""Reads logs of any known format into the canonical tables."""

from stillwatch.ingest.accounts import (
    read_account_events,
    read_accounts,
    read_authorised_use,
    read_control_events,
)
from stillwatch.ingest.batches import IngestedBatch
from stillwatch.ingest.beside import SCHEMAS_BESIDE, read_beside
from stillwatch.ingest.canonical_tree import IngestReport, write_tree
from stillwatch.ingest.companions import Companions, find_companions
from stillwatch.ingest.digests import digest_of
from stillwatch.ingest.duplicates import split_duplicates
from stillwatch.ingest.locations import LogFile, log_files
from stillwatch.ingest.options import CHOICES as FORMAT_CHOICES
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.read import Progress, ReadProgress, read_logs
from stillwatch.ingest.rejections import Tally, check_rejected

__all__ = [
    "FORMAT_CHOICES",
    "SCHEMAS_BESIDE",
    "Companions",
    "IngestOptions",
    "IngestReport",
    "IngestedBatch",
    "LogFile",
    "Progress",
    "ReadProgress",
    "Tally",
    "check_rejected",
    "digest_of",
    "find_companions",
    "log_files",
    "read_account_events",
    "read_accounts",
    "read_authorised_use",
    "read_beside",
    "read_control_events",
    "read_logs",
    "split_duplicates",
    "write_tree",
]
