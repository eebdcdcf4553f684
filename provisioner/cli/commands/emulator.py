"""`provisioner emulator`: the local tenant on its own."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from provisioner.cli import settings
from provisioner.cli.shared_options import console_of
from provisioner.core.errors import ProvisionerError, Usage


def register(app: typer.Typer) -> None:
    """Add the command group."""
    group = typer.Typer(
        help="The local Microsoft 365 tenant, for the browser and for other programs.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("serve")(serve)
    group.command("status")(status)
    group.command("env")(env)
    group.command("reset")(reset)
    group.command("proxy")(proxy)
    app.add_typer(group, name="emulator")


def serve(
    context: typer.Context,
    port: Annotated[
        int, typer.Option("--port", help="Port on 127.0.0.1; 0 takes a free one.")
    ] = 8443,
    no_control: Annotated[
        bool, typer.Option("--no-control", help="Without the control plane.")
    ] = False,
) -> int:
    """Keep the emulator up until interrupted."""
    from provisioner.emulator import server

    console = console_of(context)

    def ready(running: server.RunningEmulator) -> None:
        console.say(
            f"The emulator serves at {running.url} (CA: {running.ca_path}). Ctrl-C stops it."
        )

    try:
        server.serve(settings.home(), port, not no_control, ready)
    except server.EmulatorError as error:
        raise ProvisionerError(
            "EMULATOR-NOT-STARTED",
            str(error),
            hint="`provisioner emulator status` says what is serving; end that, or free the port.",
        ) from error
    except KeyboardInterrupt:
        console.say("Stopped; its state is kept.")
    return 0


def status(context: typer.Context) -> int:
    """Say whether one is serving, and where. Exit code 0 when it is, 1 when not."""
    from provisioner.emulator import server

    url = server.find_running(settings.home())
    console_of(context).out(f"serving at {url}" if url else "not serving")
    return 0 if url else 1


def env(
    context: typer.Context,
    app: Annotated[
        str,
        typer.Option("--app", help="provisioner, full-control, sync, reader, interactive or none."),
    ] = "provisioner",
) -> int:
    """Print `export` lines for another program."""
    from provisioner.emulator import server

    console, home = console_of(context), settings.home()
    url = server.find_running(home)
    if url is None:
        raise Usage(
            "EMULATOR-NOT-SERVING",
            "No emulator is serving.",
            hint="Start one: provisioner emulator serve",
        )
    try:
        for name, value in server.environment(home, url, app).items():
            console.out(f"export {name}={shlex.quote(value)}")
    except server.EmulatorError as error:
        raise ProvisionerError(
            "EMULATOR-APP-UNKNOWN", str(error), hint="Give one of these names with --app."
        ) from error
    return 0


def reset(context: typer.Context) -> int:
    """Forget everything the emulated tenant holds."""
    from provisioner.cli.emulator import ControlPlane, emulator_running

    with emulator_running(settings.home()) as environment:
        ControlPlane(environment).call("POST", "reset")
    console_of(context).say("The emulated tenant is new again.")
    return 0


def proxy(
    context: typer.Context,
    port: Annotated[
        int, typer.Option("--port", help="Port on 127.0.0.1; 0 takes a free one.")
    ] = 8444,
) -> int:
    """Lead Microsoft's hosts to the emulator, for programs that cannot be aimed at it."""
    from provisioner.cli.emulator import emulator_running
    from provisioner.emulator import proxy as proxies
    from provisioner.emulator.environment import EmulatorError

    console, home = console_of(context), settings.home()
    with emulator_running(home) as environment:
        try:
            running = proxies.start(environment["EMULATOR_URL"], port)
        except EmulatorError as error:
            raise ProvisionerError("EMULATOR-PROXY-NOT-STARTED", str(error)) from error
        try:
            needed = proxies.environment(running.url, Path(environment["EMULATOR_CA"]))
            for name, value in needed.items():
                console.out(f"export {name}={shlex.quote(value)}")
            console.say(f"The proxy serves at {running.url}. Ctrl-C stops it.")
            running.wait()
        except KeyboardInterrupt:
            console.say("Stopped.")
        finally:
            running.stop()
    return 0
