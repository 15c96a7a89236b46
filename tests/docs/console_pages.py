"""Run what a page of documentation shows, and hold what it prints against what it quotes.

A fenced `console` block is a session: a line after `$ ` is a command, and the lines up to the next
command quote its output. White space counts once; `…` inside a line stands for any text, and a line
of its own for any lines. Quoted lines must come in their order; a command must succeed. A fenced
block with a file's name after its language is that file, which the reader saves before going on.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GAP = "…"
BLOCK = re.compile(r"^```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^```\w+ (?P<name>[\w.-]+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a page, where it stands, and the output lines that the page quotes."""

    line: int
    text: str
    quoted: tuple[str, ...]


def commands(page: str) -> Iterator[Command]:
    """Yield the commands of a page's console blocks in order."""
    for block in BLOCK.finditer(page):
        number = page.count("\n", 0, block.start("body")) + 1
        lines = block["body"].splitlines()
        starts = [at for at, line in enumerate(lines) if line.startswith("$ ")]
        if not starts or starts[0] != 0:
            raise ValueError(f"line {number}: a console block starts with a command after '$ '")
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            quoted = tuple(line for line in lines[start + 1 : end] if line.strip())
            yield Command(number + start, lines[start].removeprefix("$ "), quoted)


def files(page: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, name and text of the files that a page has its reader save, in order."""
    for block in FILE.finditer(page):
        yield page.count("\n", 0, block.start("body")) + 1, block["name"], block["body"]


def missing(quoted: tuple[str, ...], output: str) -> str | None:
    """Return the first quoted line that the output does not hold after the ones before it."""
    lines = [" ".join(line.split()) for line in output.splitlines()]
    at = 0
    adjoining = False
    for wanted in quoted:
        if wanted.strip() == GAP:
            adjoining = False
            continue
        pattern = re.compile(".*".join(map(re.escape, " ".join(wanted.split()).split(GAP))))
        rest = lines[at : at + 1] if adjoining else lines[at:]
        found = next((n for n, line in enumerate(rest) if pattern.fullmatch(line)), None)
        if found is None:
            return wanted
        at += found + 1
        adjoining = True
    return None


def run_page(page: Path, folder: Path, seconds: float = 240) -> None:
    """Run a page's commands in an empty folder, as a reader with `.venv` active would."""
    environment = {
        **os.environ,
        "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"],
        "NO_COLOR": "1",
        "COLUMNS": "120",
    }
    saved = list(files(page.read_text()))
    for command in commands(page.read_text()):
        while saved and saved[0][0] < command.line:
            _, name, text = saved.pop(0)
            (folder / name).write_text(text)
        done = subprocess.run(
            ["sh", "-c", command.text],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
        where = f"{page.name}:{command.line}: $ {command.text}\n{done.stdout}"
        assert done.returncode == 0, f"exit status {done.returncode} of {where}"
        line = missing(command.quoted, done.stdout)
        assert line is None, f"the page quotes {line!r}, which is not printed there by {where}"
