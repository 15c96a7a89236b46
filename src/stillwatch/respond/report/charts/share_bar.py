"""A share as one bar, for the capabilities that a group went after."""

from __future__ import annotations

from stillwatch.respond.report.charts.svg import add, canvas, markup


def share_bar(share: float) -> str:
    """Return a bar filled to `share` of its length (0 to 1; anything outside is cut)."""
    root = canvas(1000, 12, "", "share", stretch=True)
    add(root, "rect", {"class": "empty", "x": 0, "y": 0, "width": 1000, "height": 12})
    add(
        root,
        "rect",
        {"class": "full", "x": 0, "y": 0, "width": 1000 * min(max(share, 0.0), 1.0), "height": 12},
    )
    return markup(root)
