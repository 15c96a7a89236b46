"""Says what a world is: `manifest.json`, from which it can be made again and checked."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stillwatch import __version__
from stillwatch.model.tables_in import SCHEMA_VERSION
from stillwatch.simulate.world import World
from stillwatch.simulate.writer import FileFacts


def write_manifest(
    folder: Path, world: World, counts: dict[str, Any], files: Sequence[FileFacts]
) -> None:
    """Write the preset with every knob, the counts, versions, and each file's rows and digest."""
    preset = world.preset
    facts: dict[str, Any] = {
        **counts,
        "summary": preset.summary,
        "models": preset.models,
        "source": preset.source,
        "guessed": list(preset.guessed),
        "beginning": preset.beginning.isoformat(),
        "casts": [{"cast": type(cast).__name__, **asdict(cast)} for cast in preset.casts],
        "knobs": world.stage.knobs,
        "texts": _name(world.stage.texts),
        "arrivals": _name(world.stage.arrivals),
        "schema_version": SCHEMA_VERSION,
        "stillwatch": __version__,
        "made_with": {
            "python": ".".join(str(part) for part in sys.version_info[:3]),
            "numpy": np.__version__,
            "pyarrow": pa.__version__,
        },
        "bytes": sum(file.bytes for file in files),
        "files": {_inside(file, folder): file.sha256 for file in files},
        "rows": {_inside(file, folder): file.rows for file in files},
    }
    text = json.dumps(facts, indent=2, sort_keys=True, default=str)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _inside(file: FileFacts, folder: Path) -> str:
    return file.path.relative_to(folder).as_posix()


def _name(thing: object) -> str:
    """Return what a source of texts or arrivals calls itself, or its kind."""
    return str(getattr(thing, "name", type(thing).__name__))
