"""The entry point: commands, exit codes, and how errors are shown."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

import stillwatch
from stillwatch.cli.evaluate import evaluate_command
from stillwatch.cli.ingest import ingest_command
from stillwatch.cli.readiness import readiness_command
from stillwatch.cli.scan import scan_command
from stillwatch.cli.simulate import simulate_command
from stillwatch.errors import StillwatchError

app = typer.Typer(
    name="stillwatch",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Finds and explains distillation campaigns against a model API: accounts, run as one, that "
    "harvest a model's answers to train a copy of it.",
    epilog="Settings come from the environment: STILLWATCH_HASH_KEY (keep it secret and constant), "
    "STILLWATCH_THREADS, STILLWATCH_MEMORY_LIMIT, STILLWATCH_TEMPORARY_DIRECTORY.",
)
app.command("scan")(scan_command)
app.command("readiness")(readiness_command)
app.command("ingest")(ingest_command)
app.command("simulate")(simulate_command)
app.command("evaluate")(evaluate_command)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stillwatch {stillwatch.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    del version


def main() -> None:
    """Run the command line; errors that a user can act on are one message and an exit code."""
    try:
        app()
    except StillwatchError as error:
        console = Console(stderr=True, highlight=False)
        console.print(f"stillwatch: {error}", markup=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        sys.stderr.close()
        sys.exit(0)
