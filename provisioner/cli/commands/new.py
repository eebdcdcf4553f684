"""`provisioner new`: a client folder with a workspace file that is ready to plan."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli.shared_options import console_of
from provisioner.core.errors import ProvisionerError, Usage

if TYPE_CHECKING:
    from provisioner.spec.packs import Pack


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("new")(new)


def new(
    context: typer.Context,
    client: Annotated[str, typer.Argument(help="The client's name.")],
    template: Annotated[
        str, typer.Option("--template", help="A pack; see `provisioner templates`.")
    ] = "soc2-fintech-api",
    options: Annotated[
        list[str] | None,
        typer.Option("--with", help="An option to add to the pack, such as security-base."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Where; default: a folder named after the client.")
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option("--set", help="A parameter of the pack, name=value.")
    ] = None,
) -> int:
    """Write a workspace file for a new client; it validates, and it teaches."""
    from provisioner.cli.workspace import open_workspace

    console = console_of(context)
    slug = slug_of(client)
    target = folder or Path(slug)
    file = target / "workspace.yaml"
    if file.exists():
        raise ProvisionerError(
            "ALREADY-THERE",
            f"{file} is already there.",
            hint="Give another --dir, or edit that file.",
        )
    values = {"client": client, **parameters_of(given or ())}
    text = workspace_text(client, slug, template, values, tuple(options or ()))
    is_new = not target.exists()
    target.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    try:
        parts = len(open_workspace(file).desired.resources)
    except ProvisionerError:
        file.unlink()
        if is_new:
            target.rmdir()
        raise
    ignored = target / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*.pem\n*.pfx\n.env\nreport/\n", "utf-8")
    console.out(str(file))
    console.say(f"{parts} parts are declared there. Next: provisioner plan {file}")
    return 0


def slug_of(client: str) -> str:
    """A name for a folder and a site address: `Acme Payments Ltd.` gives `acme-payments-ltd`."""
    plain = unicodedata.normalize("NFKD", client).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")
    if not slug:
        raise Usage("BAD-CLIENT", f"{client!r} gives no address.", hint="Use a name with letters.")
    return slug[:40].rstrip("-")


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


def workspace_text(
    client: str,
    slug: str,
    template: str,
    values: dict[str, str],
    options: tuple[str, ...] = (),
) -> str:
    """The file, with what a first reader needs to know. `template` and `options` name packs.

    Raises:
        SpecInvalid: for a pack that is not there.
        Usage: PARAMETER-MISSING, with what the packs ask for.
    """
    import json

    from provisioner.spec.sources import asked_by

    packs = [_pack(name, flag) for name, flag in _named(template, options)]
    missing = [one for one in asked_by(packs) if one.default is None and one.name not in values]
    if missing:
        asked = "; ".join(f"{one.name} ({one.description.rstrip('.')})" for one in missing)
        given = " ".join(
            f"--set {one.name}={'2026-01-01' if one.type == 'date' else '…'}" for one in missing
        )
        raise Usage("PARAMETER-MISSING", f"The pack asks for more: {asked}.", hint=f"Add {given}")
    names = [f"{one.name}@{one.major}" for one in packs]
    extends = f"[{', '.join(names)}]" if options else names[0]
    standard, _, _ = packs[0].name.partition("-")
    title = f"{client} {'SOC 2' if standard == 'soc2' else packs[0].title} evidence"
    lines = [
        "# yaml-language-server: $schema=./workspace.schema.json",
        "# (that file is written by `provisioner schema --out workspace.schema.json`)",
        f"# {client}: what its evidence workspace must be. `provisioner plan` shows what would change.",
        "apiVersion: provisioner/v1",
        "kind: Workspace",
        f"extends: {extends}            # {packs[0].summary}",
        "parameters:",
    ]
    lines += [
        f"  {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()
    ]
    lines += [
        "",
        "tenant:",
        "  cloud: emulator               # the local tenant; `global` for Microsoft 365, and then:",
        "  # hostname: yourcompany.sharepoint.com",
        "  # tenantId: env:PROVISIONER_TENANT_ID",
        "  # auth: {method: certificate, clientId: env:PROVISIONER_CLIENT_ID, certificate: file:app.pem}",
        "",
        "site:",
        f"  url: /sites/{slug}-{standard}",
        f"  title: {json.dumps(title, ensure_ascii=False)}",
        "  create: communication         # `never` adopts a site that is there already",
        "  owner: vciso@contoso.example",
        "  timeZone: UTC                 # the site's own time zone; days are counted in it",
        "",
        "# Who fills which role of the catalogue:",
        "# people:",
        "#   IAM admin: iam@contoso.example",
        "",
        "# Anything in the pack can be changed here, by key, name or id:",
        "# evidence:",
        "#   - {id: E049, cadence: weekly}",
        "",
    ]
    return "\n".join(lines)


def _named(template: str, options: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(template, "--template"), *((one, "--with") for one in options)]


def _pack(name: str, flag: str) -> Pack:
    """The pack of that name, in its newest version where none is said. Raises `SpecInvalid`."""
    from provisioner.core.errors import SpecInvalid, Where
    from provisioner.spec.packs import available, find_pack

    newest = {one.name: one.major for one in available()}
    reference = name if "@" in name else f"{name}@{newest.get(name, 1)}"
    pack, problems = find_pack(reference, Where(flag, 1, 1))
    if pack is None:
        raise SpecInvalid(tuple(problems))
    return pack
