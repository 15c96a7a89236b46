"""The whole way from logs to a result, each way on one page."""

from stillwatch.pipeline.inspect import inspect_source
from stillwatch.pipeline.scan import ScanOptions, ScanReport, scan

__all__ = ["ScanOptions", "ScanReport", "inspect_source", "scan"]
