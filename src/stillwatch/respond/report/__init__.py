"""The report: one offline page that a manager can read and an analyst can use."""

from __future__ import annotations

from stillwatch.respond.report.write_report import REPORT_NAME, write_report

__all__ = ["REPORT_NAME", "write_report"]
