"""`provisioner evidence add`: an export filed with its facts, for scripts that run again and again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisioner.cli.shared_options import (
    HERE,
    TextOrJson,
    WorkspaceOption,
    console_of,
    day_of,
    run,
)
from provisioner.core.errors import ProvisionerError, Usage

if TYPE_CHECKING:
    from provisioner.cli.console import Console
    from provisioner.cli.workspace import Workspace
    from provisioner.spec.models import EvidenceItem


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Evidence that a script collects.", no_args_is_help=True)
    group.callback()(_group)
    group.command("add")(add)
    app.add_typer(group, name="evidence")


def _group() -> None:
    """Evidence that a script collects."""


def add(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The export to file.", show_default=False)],
    item: Annotated[str, typer.Option("--item", help="Id of the expected item, E010.")],
    first: Annotated[str, typer.Option("--from", help="First day it is about, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day it is about, YYYY-MM-DD.")],
    workspace: WorkspaceOption = HERE,
    part: Annotated[str | None, typer.Option("--part", help="The system or vendor.")] = None,
    activity: Annotated[
        str | None, typer.Option("--activity", help="The day something was done.")
    ] = None,
    collected: Annotated[
        str | None, typer.Option("--collected", help="The day it was exported; today if left out.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Source system; the item's if left out.")
    ] = None,
    query: Annotated[str | None, typer.Option("--query", help="The query that was run.")] = None,
    rows: Annotated[int | None, typer.Option("--rows", help="How many rows it gave.")] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", help="Sign-in name of the evidence owner.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Name in the library; the file's if left out.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="New content becomes a new version, facts stand.")
    ] = False,
    output: TextOrJson = "text",
) -> int:
    """File an export in the library of its item, with its facts. Run again, it sends nothing.

    A file of that name with other content, or with facts that somebody changed, is left alone
    unless --replace is given. Exit code 3 then.
    """
    from provisioner.cli.workspace import open_workspace

    console = console_of(context)
    given: dict[str, Any] = {
        "PeriodFrom": day_of("--from", first),
        "PeriodTo": day_of("--to", last),
        "ActivityDate": day_of("--activity", activity),
        "CollectedOn": day_of("--collected", collected),
        "Part": part,
        "SourceSystem": source,
        "QueryUsed": query,
        "RowCount": rows,
    }
    if given["PeriodFrom"] > given["PeriodTo"]:
        raise Usage("BAD-DATE", f"{first} is after {last}.", hint="Give the days in order.")
    opened = open_workspace(workspace)
    facts = {key: value for key, value in given.items() if value is not None}
    data = _read(file)
    document = run(
        _add(
            opened,
            console,
            _item(opened, item, part),
            data,
            name or file.name,
            facts,
            owner,
            replace,
        )
    )
    if output == "json":
        console.out_json(document)
    else:
        words = {
            "filed": "Filed",
            "unchanged": "Already filed, nothing sent:",
            "completed": "Already filed, facts completed:",
            "replaced": "Replaced",
        }
        console.out(f"{words[document['action']]} {document['name']} for {document['item']}")
        console.out(document["url"])
    return 0


def _read(file: Path) -> bytes:
    from provisioner.sync.file_evidence import LARGEST

    if file.stat().st_size > LARGEST:
        raise ProvisionerError(
            "EVIDENCE-TOO-LARGE",
            f"{file} is larger than the 250 MB one upload may have.",
            hint="Upload it in the browser and fill in its columns, or split the export.",
        )
    return file.read_bytes()


def _item(opened: Workspace, wanted: str, part: str | None) -> EvidenceItem:
    found = [one for one in opened.settings.evidence if one.id.casefold() == wanted.casefold()]
    if not found:
        raise ProvisionerError(
            "ITEM-UNKNOWN",
            f"The workspace file declares no evidence item {wanted}.",
            hint="Give `--item` an id from the list Expected Evidence.",
        )
    [item] = found
    listed = [one for one in item.applies_to if one.startswith("list:")]
    if item.applies_to and not listed and part not in item.applies_to:
        raise ProvisionerError(
            "PART-UNKNOWN",
            f"{item.id} is judged for each part alone, and {part or 'none'} is not one of them.",
            hint=f"Give `--part` one of: {', '.join(item.applies_to)}.",
        )
    return item


async def _add(
    opened: Workspace,
    console: Console,
    item: EvidenceItem,
    data: bytes,
    name: str,
    facts: dict[str, Any],
    owner: str | None,
    replace: bool,
) -> dict[str, Any]:
    import hashlib

    from provisioner.cli.judging import site_handle
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.workspace import transport_to
    from provisioner.sync.collect_site import locate
    from provisioner.sync.file_evidence import Export, add_export, catalogue_row, site_person

    async with transport_to(opened, ConsoleProgress(console)) as transport:
        places = await locate(transport, site_handle(opened))
        if item.library not in places.libraries:
            raise ProvisionerError(
                "ITEM-UNKNOWN",
                f"{item.id} belongs in {item.library}, which holds no evidence documents.",
                hint="Evidence that is kept in a list is entered there.",
            )
        row = await catalogue_row(transport, places, item.id)
        if owner is not None:
            facts["EvidenceOwner"] = await site_person(transport, owner)
        export = Export(
            name=name,
            data=data,
            library=item.library,
            facts={**facts, "EvidenceItem": row.pop("EvidenceItem")},
            defaults={
                "CollectedOn": opened.desired.scope.today,
                "SourceSystem": item.source_system,
                "Sensitivity": item.sensitivity,
                **row,
            },
        )
        done = await add_export(transport, places, export, replace=replace)
    return {
        "apiVersion": "provisioner/v1",
        "kind": "EvidenceAdded",
        "workspace": opened.desired.name,
        "item": item.id,
        "library": item.library,
        "name": name,
        "action": done.action,
        "columns": list(done.columns),
        "sha256": hashlib.sha256(data).hexdigest(),
        "url": done.url,
    }
