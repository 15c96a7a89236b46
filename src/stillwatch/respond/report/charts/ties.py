"""The picture of ties: each tie a lettered hub, each account a dot among its likes."""

from __future__ import annotations

import math

from stillwatch.model.vocabulary import EVIDENCE_FAMILIES
from stillwatch.respond.report.charts.svg import add, add_text, canvas, markup
from stillwatch.respond.report.charts.ties_layout import (
    DOT_SPACING,
    HEIGHT,
    WIDTH,
    Bundle,
    Hub,
    Layout,
)
from stillwatch.respond.report.safe_text import visible
from stillwatch.respond.report.words import counted, spaced

_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_DOT = 3.1
_NAMES_SHOWN = 5


def family_class(family: str) -> str:
    """Return the style class of a family; one that is not in the vocabulary gets a neutral one."""
    return f"family-{family}" if family in EVIDENCE_FAMILIES else "family-unknown"


def ties_picture(layout: Layout) -> str:
    """Return the picture, or nothing where no tie is known."""
    if not layout.hubs:
        return ""
    root = canvas(
        WIDTH,
        HEIGHT,
        f"{counted(layout.accounts_drawn, 'account')} in "
        f"{counted(len(layout.bundles), 'bundle')} around {counted(len(layout.hubs), 'tie')}",
        "ties",
    )
    for bundle in layout.bundles:
        for at in bundle.hubs:
            hub = layout.hubs[at]
            add(
                root,
                "path",
                {
                    "class": f"tie {family_class(hub.tie.family)}",
                    "d": _curve(bundle, hub),
                    "stroke-width": 0.8 + 0.55 * math.log2(len(bundle.accounts) + 1),
                },
            )
    for bundle in layout.bundles:
        names = [visible(name, 40) for name in bundle.accounts[:_NAMES_SHOWN]]
        more = len(bundle.accounts) - len(names)
        held = ", ".join(sorted(layout.hubs[at].code for at in bundle.hubs))
        title = (
            f"{counted(len(bundle.accounts), 'account')} with {held}: "
            f"{', '.join(names)}{f' and {more:,} more' if more else ''}"
        )
        dots = add(root, "g", {"class": "bundle"}, title)
        # One path of round-capped points is a tenth of the size of as many circles.
        add(dots, "path", {"class": "dots", "d": _dots(bundle), "stroke-width": 2 * _DOT})
    for hub in layout.hubs:
        title = f"{hub.code}: {spaced(hub.tie.kind)}, {counted(hub.tie.members, 'member')}"
        disc = add(root, "g", {"class": f"hub {family_class(hub.tie.family)}"}, title)
        add(disc, "circle", {"cx": hub.x, "cy": hub.y, "r": hub.radius})
        add_text(disc, hub.x, hub.y, hub.code, "code")
    return markup(root)


def _curve(bundle: Bundle, hub: Hub) -> str:
    """Return a line that bends slightly towards the middle, so that crossing ties stay apart."""
    bend_x = (bundle.x + hub.x) / 2 + (WIDTH / 2 - (bundle.x + hub.x) / 2) * 0.12
    bend_y = (bundle.y + hub.y) / 2 + (HEIGHT / 2 - (bundle.y + hub.y) / 2) * 0.12
    return f"M{bundle.x:.0f} {bundle.y:.0f}Q{bend_x:.0f} {bend_y:.0f} {hub.x:.0f} {hub.y:.0f}"


def _dots(bundle: Bundle) -> str:
    """Return the dots of a bundle, packed as seeds in a sunflower."""
    parts = []
    for at in range(len(bundle.accounts)):
        reach = 0.0 if len(bundle.accounts) == 1 else DOT_SPACING * math.sqrt(at + 0.5)
        angle = at * _GOLDEN_ANGLE
        x, y = bundle.x + reach * math.cos(angle), bundle.y + reach * math.sin(angle)
        parts.append(f"M{x:.1f} {y:.1f}h0")
    return "".join(parts)
