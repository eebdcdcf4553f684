"""`provisioner package` and `provisioner verify`: what the auditor gets, and whether it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provisioner.cli.shared_options import HERE, AsOf, TextOrJson, WorkspacePath, console_of, run
from provisioner.core.errors import ProvisionerError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("package")(package)
    app.command("verify")(verify)


def package(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    period: Annotated[
        str, typer.Option("--period", help="Name of the audit period, as on the list.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="The ZIP to write.", show_default=False)
    ] = None,
    partial: Annotated[
        bool,
        typer.Option("--partial", help="Make it even if something cannot be had, and say what."),
    ] = False,
    as_of: AsOf = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a ZIP that is there.")] = False,
    output: TextOrJson = "text",
) -> int:
    """Write the sound evidence of an audit period, with index and digests, as one ZIP. Reads only.

    It fails rather than leave something out. What was downloaded is kept beside it until it is
    whole, so that a run that broke off goes on.
    """
    from provisioner.cli.packaging import make_package
    from provisioner.cli.workspace import open_workspace
    from provisioner.core.errors import Usage

    if not period or out is None:
        missing = "--period" if not period else "--out"
        raise Usage("USAGE", f"{missing} is missing.", hint="`provisioner package --help`.")
    if out.is_dir() or (out.exists() and not force):
        raise ProvisionerError(
            "FILE-EXISTS",
            f"{out} is there already.",
            hint="It is a folder: give the ZIP a name in it."
            if out.is_dir()
            else "Give another name with --out, or --force if it may be replaced.",
        )
    console = console_of(context)
    opened = open_workspace(workspace, as_of)
    made = run(make_package(opened, console, period, out, partial=partial))
    for one in made.facts.omissions:
        console.warn(f"Not in the package: {one.what}: {one.why}.")
    if output == "json":
        console.out_json(made.json())
        return 0
    word = "PARTIAL package" if made.facts.omissions else "Package"
    console.out(f"{word} of {made.facts.period.name}: {made.path}")
    console.out(f"{len(made.facts.included)} documents, {made.size} bytes")
    console.out(f"Digest {made.digest}")
    console.say("Tell the digest by another way than the ZIP; `verify --digest` compares it.")
    return 0


def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The ZIP to check.", show_default=False)],
    digest: Annotated[
        str | None,
        typer.Option("--digest", help="The digest told when it was made.", show_default=False),
    ] = None,
    output: TextOrJson = "text",
) -> int:
    """Check that an auditor's package is, byte for byte, as it was made. Needs no network.

    A ZIP cannot prove who made it: somebody who makes the whole package anew, with a manifest of
    their own, is found only by the digest that was told when it was made. Give it with --digest;
    `package` prints it, and `period close` keeps it in the row of the period and in the ledger.

    Exit code 0 when it is, 1 when it is not.
    """
    import re

    from provisioner.cli.package_check import checked_package
    from provisioner.core.errors import Usage

    if digest is not None and not re.fullmatch(r"(?i)\s*(sha256:)?[0-9a-f]{64}\s*", digest):
        raise Usage(
            "USAGE",
            "--digest is no digest: it is sha256: and 64 digits from 0 to 9 and a to f.",
            hint="Copy all of it, as `provisioner package` printed it.",
        )
    console = console_of(context)
    found = checked_package(file, digest)
    if output == "json":
        console.out_json(found.json())
        return 0 if found.holds else 1
    for one in found.flaws:
        console.out(f"x {one.code}  {one.message}")
    if found.manifest.get("partial"):
        console.out("It is a PARTIAL package. It says itself that it lacks:")
        for lacking in found.manifest.get("missing", []):
            console.out(f"  {lacking.get('what')}: {lacking.get('why')}")
    if not found.holds:
        problems = "1 problem" if len(found.flaws) == 1 else f"{len(found.flaws)} problems"
        console.out(f"{file} is not as it was made: {problems}.")
        return 1
    count = len(found.manifest["files"])
    console.out(f"{file} is as it was made: {count} files, period {found.manifest['period']}.")
    console.out(f"Digest {found.digest}")
    console.out(
        "It is the digest you gave, so it is the package that was made."
        if found.compared
        else "No --digest was given: a package that somebody made anew as a whole would pass, too. "
        "Compare this digest with the one told when it was made."
    )
    return 0
