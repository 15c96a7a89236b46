"""Client software and what it shows on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from stillwatch.simulate.draws import one_of
from stillwatch.simulate.streams import key_of


@dataclass(frozen=True, slots=True)
class Client:
    """One build of one client: what its requests look like before any text."""

    family: str
    user_agent: str | None
    ja4: str | None
    http_fingerprint: str | None
    header_order: int | None
    sdk_version: str | None
    pathway: str
    source: str
    endpoint: str
    sessions: bool
    """Whether requests carry a session id."""


@dataclass(frozen=True, slots=True)
class _Family:
    name: str
    agent: str
    stack: str
    pathway: str
    source: str
    sessions: bool
    releases: tuple[str, ...]
    systems: tuple[str, ...]


_FAMILIES: Final = {
    f.name: f
    for f in (
        _Family(
            "web",
            "Mozilla/5.0 ({s}) Chat/{v}",
            "browser",
            "app",
            "edge-app",
            True,
            ("24.1", "24.2", "24.3", "25.0"),
            ("Windows NT 10.0", "Macintosh", "X11; Linux x86_64", "iPhone", "Android 16"),
        ),
        _Family(
            "mobile",
            "ChatMobile/{v} ({s})",
            "mobile",
            "app",
            "edge-app",
            True,
            ("8.1", "8.2", "8.4"),
            ("iOS 19", "Android 16"),
        ),
        _Family(
            "python",
            "modelapi-python/{v} {s}",
            "python",
            "api",
            "gateway-1",
            False,
            ("2.11.0", "2.12.1", "2.12.3", "2.13.0"),
            ("linux", "macos", "windows"),
        ),
        _Family(
            "node",
            "modelapi-node/{v} {s}",
            "node",
            "api",
            "gateway-1",
            False,
            ("5.3.2", "5.4.0", "5.4.1"),
            ("linux", "darwin", "win32"),
        ),
        _Family(
            "go", "modelapi-go/{v}", "go", "api", "gateway-2", False, ("1.9.0", "1.9.4"), ("linux",)
        ),
        _Family(
            "curl", "curl/{v}", "curl", "api", "gateway-2", False, ("8.9.1", "8.12.0"), ("linux",)
        ),
        _Family("bedrock", "", "sdk", "bedrock", "cloud-import", False, ("1",), ("linux",)),
        _Family(
            "vertex",
            "modelapi-cloud-python/{v} {s}",
            "python",
            "vertex",
            "gateway-3",
            False,
            ("2.12.1", "2.13.0"),
            ("linux", "macos"),
        ),
        _Family(
            "brushwood",
            "brushwood/{v} ({s})",
            "node",
            "api",
            "gateway-1",
            True,
            ("0.44.1", "0.45.0", "0.45.2"),
            ("linux", "darwin"),
        ),
        _Family(
            "kitefold",
            "Kitefold/{v} {s}",
            "node",
            "api",
            "gateway-2",
            True,
            ("3.1.0", "3.2.0"),
            ("darwin", "win32", "linux"),
        ),
        _Family(
            "pagewright",
            "pagewright-agent/{v}",
            "python",
            "api",
            "gateway-1",
            True,
            ("0.9.3", "0.9.5"),
            ("linux",),
        ),
        _Family(
            "oxbow",
            "oxbow/{v} {s}",
            "python",
            "api",
            "gateway-2",
            True,
            ("1.0.7", "1.1.0"),
            ("linux", "macos"),
        ),
        _Family(
            "relay",
            "modelapi-python/{v} {s}",
            "go",
            "api",
            "gateway-1",
            False,
            ("2.11.0", "2.12.1", "2.12.3"),
            ("linux",),
        ),
    )
}

DEVELOPER_FAMILIES: Final = ("python", "node", "go", "curl")
CHAT_FAMILIES: Final = ("web", "mobile")
TOOL_FAMILIES: Final = ("brushwood", "kitefold", "pagewright", "oxbow")


def build(family: str, rng: np.random.Generator) -> Client:
    """Return one release of a client family on one operating system."""
    f = _FAMILIES[family]
    return _build(family, one_of(rng, f.releases), one_of(rng, f.systems))


@cache
def _build(family: str, release: str, system: str) -> Client:
    f = _FAMILIES[family]
    if f.pathway == "bedrock":
        # A cloud import log has no transport fields at all, whoever sends the request.
        return Client(family, None, None, None, None, None, f.pathway, f.source, "invoke", False)
    wire = key_of("wire", f.stack, release.split(".")[0], system if f.stack == "browser" else "")
    return Client(
        family=family,
        user_agent=f.agent.format(v=release, s=system),
        ja4=_ja4(wire),
        http_fingerprint=f"h2:{wire % 6 + 1}:{65535 * (1 + wire % 3)}:{wire % 4}",
        header_order=(key_of("headers", f.stack, f.agent) >> 1),
        sdk_version=release if f.pathway == "api" and f.name not in ("curl",) else None,
        pathway=f.pathway,
        source=f.source,
        endpoint="/v1/chat" if f.pathway == "app" else "/v1/messages",
        sessions=f.sessions,
    )


def _ja4(wire: int) -> str:
    """Return a TLS fingerprint in JA4's form for a network stack's key."""
    head = f"t13d{12 + wire % 7:02d}{9 + wire % 5:02d}h2"
    return f"{head}_{wire % (1 << 48):012x}_{key_of(wire) % (1 << 48):012x}"
