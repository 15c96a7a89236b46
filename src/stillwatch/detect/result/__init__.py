"""Turns fitted and judged groups into the tables that a scan writes."""
