"""Charts of the report: each a function from plain values to one SVG element as text."""
