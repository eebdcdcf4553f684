"""Where what a run keeps is kept: in a hidden library of the site, read first and written last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from provisioner.core import collector
from provisioner.core.transport import Outcome, Reading, Transport
from provisioner.ledger.store import FACTS_URL, content_path
from provisioner.sync.collect_changes import read_after
from provisioner.sync.collect_content import identified
from provisioner.sync.collect_site import REST_READ, Places
from provisioner.sync.history import History
from provisioner.sync.kept import Kept
from provisioner.sync.kept_file import read, written
from provisioner.sync.shelves import Files, Shelf

FILE = "facts.json.gz"


def facts_reading(site_path: str) -> Reading:
    """The file's bytes in one request: Graph sends whoever downloads on to a second address.

    learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-folders-and-files-with-rest.
    """
    address = quote(f"{site_path}/{FACTS_URL}/{FILE}".replace("'", "''"), safe="/'")
    return Reading(
        "sharepoint",
        f"/_api/web/GetFileByServerRelativePath(DecodedUrl='{address}')/$value",
        absent_ok=True,
        permission=REST_READ,
    )


async def load(transport: Transport, places: Places) -> tuple[Kept, str]:
    """What the last run kept, and a note when there is nothing to be used."""
    if places.kept is None:
        return Kept(), (
            "The site has no library for kept facts, so everything is read anew; "
            "`provisioner apply` makes it."
        )
    reading = facts_reading(transport.site_path)
    data = (await transport.read([reading]))[reading].body
    if not isinstance(data, bytes) or not data:
        return Kept(), ""
    with collector.at_rest():
        kept = read(data)
    if kept is None:
        return Kept(), "What the last run kept cannot be read, so everything is read anew."
    return kept, ""


async def save(transport: Transport, places: Places, kept: Kept) -> Outcome:
    """Keep it for the next run. The site must have the library for it."""
    assert places.kept is not None
    return await transport.upload(content_path(places.site, places.kept, FILE), written(kept))


async def moved_on(
    transport: Transport, places: Places, kept: Kept, written: frozenset[str]
) -> Kept:
    """The same facts, with the libraries and lists written on as they are after our own writes.

    What we wrote comes back as a change; taken in now, the next run finds nothing. Where somebody else
    changed a library meanwhile, its token stays as it was, so that the next run sees and judges that.
    """
    now_read = await read_after(transport, places, kept.shelves, kept.rolls, written)
    steps = await identified(transport, places, now_read.steps, kept.identities)
    moved = dict(kept.shelves)
    for key, step in steps.items():
        before, now = kept.shelves[key].files, step.shelf.files
        if all(
            each in before and each in now and now[each].same_facts(before[each])
            for each in step.changed
        ):
            moved[key] = step.shelf
    return replace(
        kept,
        shelves=moved,
        histories=_relabelled(kept.histories, moved),
        rolls={**kept.rolls, **now_read.rolls},
    )


def _relabelled(
    known: Mapping[str, History], shelves: Mapping[str, Shelf]
) -> Mapping[str, History]:
    """Histories with the labels our own writes gave their documents, where those made a version."""
    files, now = Files(shelves), dict[str, History]()
    for key, one in known.items():
        row = files.get(key)
        same = row is None or row.version == one.label
        now[key] = one if same or row is None else replace(one, label=row.version)
    return now
