"""Refresh the hash locks in requirements/ from pyproject.toml (run it as `python3 run.py lock`)."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"

GROUPS = ("build", "dev", "bench")

COMPILE = (
    *("pip", "compile", "--quiet"),
    *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest"),
    *("--generate-hashes", "--no-build", "--no-emit-index-url", "--no-header", "--no-annotate"),
)
"""One version of each package for every platform and Python; wheels only; no index named."""


def compile_lock(target: Path, sources: list[str]) -> None:
    """Resolve `sources` into `target`, keeping the versions it holds where they fit."""
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, *COMPILE, *sources, "--output-file", target], cwd=ROOT, check=True)
    print(f"wrote {target.relative_to(ROOT)}", file=sys.stderr)


def main() -> None:
    """Resolve everything together once, then cut that one answer into the four lock files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []

    everything = LOCKS / "everything.in-progress.txt"
    try:
        # The present pins are where the resolver starts, so that a refresh moves only what it must.
        present = [LOCKS / f"{name}.txt" for name in ("runtime", *GROUPS)]
        everything.write_text("".join(lock.read_text() for lock in present if lock.exists()))
        all_groups = [argument for group in GROUPS for argument in ("--group", group)]
        compile_lock(everything, ["pyproject.toml", *all_groups, *upgrade])
        agreed = ["--constraints", str(everything)]
        compile_lock(LOCKS / "runtime.txt", ["pyproject.toml", *agreed, *upgrade])
        for group in GROUPS:
            compile_lock(LOCKS / f"{group}.txt", ["--group", group, *agreed, *upgrade])
    finally:
        everything.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
