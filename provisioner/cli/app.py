"""The commands, put together; errors become sentences and exit codes here and nowhere else."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module

import typer

from provisioner import __version__
from provisioner.cli.console import Console, error_json
from provisioner.core.errors import ProvisionerError, Usage

EXIT_USAGE = 64
COMMANDS = (
    "demo",
    "new",
    "templates",
    "validate",
    "schema",
    "plan",
    "apply",
    "drift",
    "sync",
    "report",
    "explain",
    "emulator",
    "later",
)

app = typer.Typer(
    name="provisioner",
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
) -> None:
    """Options that every command understands."""
    if log_format not in {"text", "json"}:
        raise Usage("USAGE", "--log-format is text or json.")
    context.obj = Console(verbose, quiet, not no_color, log_format)


for _name in COMMANDS:
    import_module(f"provisioner.cli.commands.{_name}").register(app)


def run(arguments: list[str] | None = None) -> None:
    """Parse, run, exit. Exit codes: 0 done, 1 failed, 2 changes or findings, 3 refused, 64 usage."""
    sys.exit(exit_code(sys.argv[1:] if arguments is None else arguments))


def exit_code(arguments: list[str]) -> int:
    """Run one command line; every error has become a sentence on stderr by the time it returns."""
    verbose = "--verbose" in arguments or "-v" in arguments
    console = Console(
        verbose=verbose,
        color="--no-color" not in arguments,
        log_format="json"
        if "--log-format=json" in arguments or _after(arguments, "--log-format") == "json"
        else "text",
    )
    command = typer.main.get_command(app)
    try:
        result = command.main(arguments, prog_name="provisioner", standalone_mode=False)
    except ProvisionerError as error:
        if _wants_json(arguments):
            console.out_json(error_json(error))
        console.error(error)
        if verbose:
            traceback.print_exc()
        return error.exit_code
    except typer.TyperException as error:
        return _usage(error, console)
    except (typer.Abort, KeyboardInterrupt):
        console.warn("Stopped. What was sent is on the site; run the same command again to go on.")
        return 1
    except Exception as error:  # noqa: BLE001 - the last line of defence against a traceback
        console.error(
            ProvisionerError(
                "INTERNAL",
                f"Something we did not foresee happened: {type(error).__name__}: {str(error)[:200]}",
                hint="Run it again with --verbose and report what it prints.",
            )
        )
        if verbose:
            traceback.print_exc()
        return 1
    return result if isinstance(result, int) else 0


def _usage(error: typer.TyperException, console: Console) -> int:
    """A wrong command line in a sentence; a bare command shows its help instead."""
    text = error.format_message()
    if text.startswith("Usage:"):
        console.out(text)
        return EXIT_USAGE
    context = getattr(error, "ctx", None)
    hint = f"`{context.command_path} --help` lists what it takes." if context else ""
    console.error(Usage("USAGE", text, hint=hint))
    return EXIT_USAGE


def _wants_json(arguments: list[str]) -> bool:
    return "--format=json" in arguments or _after(arguments, "--format") == "json"


def _after(arguments: list[str], option: str) -> str | None:
    if option in arguments[:-1]:
        return arguments[arguments.index(option) + 1]
    return None
