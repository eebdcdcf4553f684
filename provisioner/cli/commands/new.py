"""`provisioner new`: a client folder with a workspace file that is ready to plan."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli.client_file import (
    CiSystem,
    Place,
    SignInMethod,
    place_of,
    slug_of,
    workspace_text,
)
from provisioner.cli.shared_options import console_of
from provisioner.core.errors import ProvisionerError, Usage

if TYPE_CHECKING:
    from provisioner.cli.console import Console
    from provisioner.cli.workspace import Workspace

_TEMPLATE = "soc2-fintech-api"
_IGNORED = "*.pem\n*.pfx\n.env\nreport/\n"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("new")(new)


def new(
    context: typer.Context,
    client: Annotated[str | None, typer.Argument(help="The client's name.")] = None,
    template: Annotated[
        str | None,
        typer.Option(
            "--template", help=f"A pack; see `provisioner templates`. Default: {_TEMPLATE}."
        ),
    ] = None,
    options: Annotated[
        list[str] | None,
        typer.Option(
            "--with", help="An option to add to the pack, such as security-base; may be repeated."
        ),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Where; default: a folder named after the client.")
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", help="A parameter of the pack, name=value; may be repeated."),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option(
            "--site", help="Address of the client's site. Left out, it is on the local tenant."
        ),
    ] = None,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="The site is there already; it is never created.")
    ] = False,
    owner: Annotated[
        str | None, typer.Option("--owner", help="Mail address of the site's owner.")
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option("--time-zone", help="The site's own, such as America/Toronto.")
    ] = None,
    sign_in: Annotated[
        SignInMethod | None,
        typer.Option(
            "--sign-in",
            help="How the app signs in: certificate, federated, managed-identity or device-code.",
        ),
    ] = None,
    ci: Annotated[
        CiSystem | None,
        typer.Option("--ci", help="Also a file that runs it daily: github or azure-devops."),
    ] = None,
) -> int:
    """Write a workspace file for a new client; it validates, and it teaches.

    What must be known and is not said is asked for, when there is a terminal.
    """
    said = _Said(client, template, tuple(options or ()), parameters_of(given or ()))
    spoken = _Spoken(site, adopt, owner, time_zone, sign_in, ci)
    console = console_of(context)
    if sys.stdin.isatty() and _is_wanting(said):
        try:
            said, spoken = _asked(said, spoken, console)
            folder = folder or _folder_for(said, spoken, console)
        except typer.Abort:
            console.warn("Stopped. Nothing was written.")
            return 1
    if said.client is None:
        raise Usage(
            "USAGE",
            "The client's name is missing.",
            hint='Write it behind `new`, as in: provisioner new "Acme Payments"',
        )
    _write(said, spoken, folder, console)
    return 0


@dataclass(frozen=True, slots=True)
class _Said:
    """What the file is made of."""

    client: str | None
    template: str | None
    options: tuple[str, ...]
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """Where it is to stand."""

    site: str | None
    adopt: bool
    owner: str | None
    time_zone: str | None
    sign_in: SignInMethod | None
    ci: CiSystem | None

    def last_part(self) -> str:
        """What the site's address ends in; "" for the local tenant."""
        return (self.site or "").rstrip("/").rpartition("/")[2]

    def place(self) -> Place:
        """Raises `Usage` BAD-SITE-URL, CI-NEEDS-SITE."""
        if self.ci and not self.site:
            raise Usage(
                "CI-NEEDS-SITE",
                "A CI job has no use for the local tenant.",
                hint="Say where the client's site is with --site, or leave --ci out.",
            )
        usual: SignInMethod = "federated" if self.ci else "certificate"
        return place_of(
            self.site or "",
            adopt=self.adopt,
            owner=self.owner or "",
            time_zone=self.time_zone or "UTC",
            sign_in=self.sign_in or usual,
        )


def _folder_for(said: _Said, spoken: _Spoken, console: Console) -> Path | None:
    """The folder, asked for where neither the name nor the site's address gives one."""
    from provisioner.cli.client_questions import Questions

    try:
        slug_of(said.client or "", spoken.last_part())
    except Usage:
        return Path(Questions(console).folder())
    return None


def _is_wanting(said: _Said) -> bool:
    """Whether something is missing that the file cannot do without."""
    from provisioner.cli.client_file import missing_in, packs_of

    if said.client is None:
        return True
    packs = packs_of(said.template or _TEMPLATE, said.options)
    return bool(missing_in({"client": said.client, **said.values}, packs))


def _asked(said: _Said, spoken: _Spoken, console: Console) -> tuple[_Said, _Spoken]:
    """The same, with an answer for everything that no flag said."""
    from provisioner.cli.client_file import missing_in, packs_of
    from provisioner.cli.client_questions import Questions

    ask = Questions(console)
    client = said.client or ask.client()
    template = said.template or ask.template(_TEMPLATE)
    values = dict(said.values)
    known = {"client": client, **values}
    values |= {
        one.name: ask.parameter(one) for one in missing_in(known, packs_of(template, said.options))
    }
    site = ask.site() if spoken.site is None else spoken.site
    adopt, owner, sign_in, ci = spoken.adopt, spoken.owner, spoken.sign_in, spoken.ci
    if site:
        adopt = adopt or ask.adopt()
        owner = owner or ask.owner()
        sign_in = sign_in or ask.sign_in()
        ci = ci or ask.ci()
    zone = spoken.time_zone or ask.time_zone()
    return (
        _Said(client, template, said.options, values),
        _Spoken(site, adopt, owner, zone, sign_in, ci),
    )


def _write(said: _Said, spoken: _Spoken, folder: Path | None, console: Console) -> None:
    """Write the files; when one of them will not do, none is left behind."""
    from provisioner.cli.workspace import open_workspace

    client = said.client or ""
    slug = slug_of(client, folder.name if folder else "", spoken.last_part())
    target = folder or Path(slug)
    file = target / "workspace.yaml"
    _must_be_free(file)
    text = workspace_text(
        client,
        slug,
        said.template or _TEMPLATE,
        {"client": client, **said.values},
        said.options,
        spoken.place(),
    )
    is_new = not target.exists()
    target.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    try:
        opened = open_workspace(file)
        more = _ci_files(spoken.ci, opened, target)
    except ProvisionerError:
        file.unlink()
        if is_new:
            target.rmdir()
        raise
    ignored = target / ".gitignore"
    if not ignored.exists():
        ignored.write_text(_IGNORED, "utf-8")
    for path, content in more.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8", newline="\n")
    for path in (file, *more):
        console.out(str(path))
    parts = len(opened.desired.resources)
    step = "permissions" if spoken.site else "plan"
    console.say(f"{parts} parts are declared there. Next: provisioner {step} {file}")
    if more:
        console.say(f"The CI file expects {target} to be the root of a repository.")


def _ci_files(ci: CiSystem | None, opened: Workspace, target: Path) -> dict[Path, str]:
    """The scheduler's files, as `provisioner schedule` writes them; none of them is there yet."""
    from provisioner.cli.schedules.kinds import KINDS
    from provisioner.cli.scheduling import job_of

    if ci is None:
        return {}
    made = KINDS[ci](job_of(opened, Path("workspace.yaml")))
    files = {target / path: text for path, text in made.items()}
    for path in files:
        _must_be_free(path)
    return files


def _must_be_free(file: Path) -> None:
    if file.exists():
        raise ProvisionerError(
            "ALREADY-THERE",
            f"{file} is already there.",
            hint="Give another --dir, or edit that file.",
        )


def parameters_of(given: tuple[str, ...] | list[str]) -> dict[str, str]:
    """`name=value` texts as a mapping. Raises `Usage`."""
    values: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise Usage(
                "BAD-PARAMETER",
                f"{text!r} is not name=value.",
                hint="Write --set auditStart=2026-01-01",
            )
        values[name] = value
    return values
