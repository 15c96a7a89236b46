"""The few SVG pieces that every chart is made of; text and attributes are escaped by the writer."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Mapping

Attributes = Mapping[str, str | float]
_ROUND = (1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def canvas(width: float, height: float, label: str, kind: str, stretch: bool = False) -> ET.Element:
    """Return an SVG root that a screen reader announces as one picture with `label`.

    Without a label it is passed over: for bars whose numbers stand beside them.
    `stretch` lets the width follow the page while the height stays: for charts without text.
    """
    root = ET.Element(
        "svg",
        {"class": kind, "viewBox": f"0 0 {compact(width)} {compact(height)}"},
    )
    if label:
        root.set("role", "img")
        root.set("aria-label", label)
    else:
        root.set("aria-hidden", "true")
    if stretch:
        root.set("preserveAspectRatio", "none")
    return root


def add(parent: ET.Element, tag: str, attributes: Attributes, title: str = "") -> ET.Element:
    """Add a shape to a picture; `title` is what a pointer at rest on it shows."""
    child = ET.SubElement(
        parent,
        tag,
        {
            name: value if isinstance(value, str) else compact(value)
            for name, value in attributes.items()
        },
    )
    if title:
        ET.SubElement(child, "title").text = title
    return child


def add_text(parent: ET.Element, x: float, y: float, words: str, kind: str) -> None:
    """Add a line of text, placed as its class says."""
    add(parent, "text", {"x": x, "y": y, "class": kind}).text = words


def markup(root: ET.Element) -> str:
    """Return a picture as text that may stand in a page."""
    return ET.tostring(root, encoding="unicode")


def compact(value: float) -> str:
    """Return a coordinate with at most one decimal."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def ceiling(value: float) -> float:
    """Return the next round number, where an axis may well end: 3, 40, 250, 8000."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _ROUND if step * power >= value * (1 - 1e-9))
