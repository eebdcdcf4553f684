"""The commands, put together; errors become sentences and exit codes here and nowhere else."""

from __future__ import annotations

import gc
import re
import sys
from functools import cache
from pathlib import Path

import typer

from provisioner import __version__
from provisioner.cli.command_list import CommandGroup
from provisioner.cli.console import Console, error_json
from provisioner.cli.unforeseen import problem_of, stopped
from provisioner.core.errors import ProvisionerError, Usage

EXIT_USAGE = 64
_INTERRUPTED = 130
"""What typer gives after Ctrl-C; it says nothing then."""

app = typer.Typer(
    name="provisioner",
    cls=CommandGroup,
    help="Declare a Microsoft 365 evidence workspace in YAML; plan, create, drift-check and judge it.",
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"provisioner {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Say more; show tracebacks."),
    quiet: bool = typer.Option(False, "--quiet", "-q", help="Say nothing but answers and errors."),
    no_color: bool = typer.Option(False, "--no-color", help="No colours."),
    log_format: str = typer.Option("text", "--log-format", help="text or json, for stderr."),
    record: Path | None = typer.Option(
        None, "--record", help="Record the traffic with the tenant, names and ids replaced."
    ),
) -> None:
    """Options that every command understands."""
    if log_format not in {"text", "json"}:
        raise Usage("USAGE", "--log-format is text or json.", hint="Leave it out for text.")
    command = context.invoked_subcommand or ""
    context.obj = Console(verbose, quiet, not no_color, log_format, record, command)


_YOUNG = 50_000
"""Objects made before Python looks for rings among them. Files and facts are large trees without any,
which live to the end of a run; looking through them every 700 objects takes a tenth of it."""


def run(arguments: list[str] | None = None) -> None:
    """Parse, run, exit. Exit codes: 0 done, 1 failed, 2 changes or findings, 3 refused, 64 usage."""
    gc.set_threshold(_YOUNG)
    sys.exit(exit_code(sys.argv[1:] if arguments is None else arguments))


def exit_code(arguments: list[str]) -> int:
    """Run one command line; every error has become a sentence on stderr by the time it returns."""
    arguments = _global_first(arguments)
    verbose = "--verbose" in arguments or "-v" in arguments
    console = Console(
        verbose=verbose,
        color="--no-color" not in arguments,
        log_format="json" if _option(arguments, "--log-format") == "json" else "text",
    )
    try:
        result = _command().main(arguments, prog_name="provisioner", standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        return _stopped(console, arguments)
    except typer.TyperException as error:
        text = error.format_message()
        if text.startswith("Usage:"):  # a bare command shows its help
            console.out(text)
            return EXIT_USAGE
        problem: ProvisionerError = _usage(text, getattr(error, "ctx", None))
    except Exception as error:  # noqa: BLE001 - the last line of defence against a traceback
        problem = problem_of(error)
    else:
        if result == _INTERRUPTED:
            return _stopped(console, arguments)
        return result if isinstance(result, int) else 0
    if _option(arguments, "--format") == "json":
        console.out_json(error_json(problem))
    console.error(problem)
    if verbose:
        import traceback

        traceback.print_exception(problem.__cause__ or problem)
    return problem.exit_code


def _stopped(console: Console, arguments: list[str]) -> int:
    """The end of a command that somebody ended, said to people and to programs."""
    problem = stopped()
    if _option(arguments, "--format") == "json":
        console.out_json(error_json(problem))
    console.warn(f"Stopped. {problem.hint}")
    return 1


@cache
def _command() -> typer.core.TyperGroup:
    """The commands as they are parsed; made once, for tests run many command lines."""
    made = typer.main.get_command(app)
    assert isinstance(made, typer.core.TyperGroup)
    return made


_FLAGS = frozenset({"--verbose", "-v", "--quiet", "-q", "--no-color"})
_VALUED = frozenset({"--log-format", "--record"})
_EQUALS = tuple(f"{name}=" for name in sorted(_VALUED))


def _global_first(arguments: list[str]) -> list[str]:
    """Options that every command understands may stand anywhere; before the command they count."""
    ours: list[str] = []
    others: list[str] = []
    rest = iter(arguments)
    for one in rest:
        if one == "--":
            others += [one, *rest]
        elif one in _FLAGS or one.startswith(_EQUALS):
            ours.append(one)
        elif one in _VALUED:
            ours += [one, *([value] if (value := next(rest, None)) is not None else [])]
        else:
            others.append(one)
    return [*ours, *others]


def _option(arguments: list[str], name: str) -> str | None:
    """The value of an option, as `--name value` or `--name=value`."""
    for position, one in enumerate(arguments):
        if one == name:
            return arguments[position + 1] if position + 1 < len(arguments) else None
        if one.startswith(f"{name}="):
            return one.partition("=")[2]
    return None


def _usage(text: str, context: typer.Context | None) -> Usage:
    """A wrong command line in our own words: typer has pydantic check the values."""
    text = " ".join(text.split())  # choices come on lines of their own
    for jargon, words in _JARGON:
        text = re.sub(jargon, words, text)
    hint = f"`{context.command_path} --help` lists what it takes." if context else ""
    return Usage("USAGE", text if text.endswith((".", "?")) else f"{text}.", hint=hint)


_JARGON = (
    (r"Value error, ", ""),
    (r"Input should be a valid integer.*", "it must be a whole number"),
    (r"Input should be ", "it must be "),
)
