"""What becomes of documents when their columns change: versions, dates, approval and the hash."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from provisioner.core.transport import Outcome
from provisioner.engine.probing.behaviour import Behaviour
from provisioner.engine.probing.ground import PREFIX, Ground, Untried, told

_PLAIN = b"probe\n"
_OPENING = "http://schemas.openxmlformats.org"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_OPENING}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_OPENING}/package/2006/relationships"><Relationship '
    f'Id="r1" Type="{_OPENING}/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>',
    "word/document.xml": f'<w:document xmlns:w="{_OPENING}/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>probe</w:t></w:r></w:p></w:body></w:document>",
}


def _document() -> bytes:
    """The smallest document that Word opens."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _PARTS.items():
            package.writestr(zipfile.ZipInfo(name), text)
    return target.getvalue()


async def _drive(ground: Ground, library: str) -> str:
    """The Graph path of a scratch library's drive; its column "Words" is made along."""
    fresh = library not in ground.lists
    list_id = await ground.list_id(library, "documentLibrary")
    home = f"/_api/web/lists(guid'{list_id}')"
    if fresh:
        element = '<Field Type="Text" Name="Words" DisplayName="Words"/>'
        body = {"parameters": {"SchemaXml": element, "Options": 8}}
        path = f"{home}/fields/CreateFieldAsXml"
        ground.must(await ground.rest("POST", path, body), "a column for documents")
        settings = {"EnableVersioning": True, "EnableModeration": library == "Approved"}
        ground.must(await ground.rest("MERGE", home, settings), "the library's settings")
    return f"{ground.site}/lists/{list_id}/drive"


async def _put(ground: Ground, drive: str, name: str, data: bytes) -> Outcome:
    done = await ground.transport.upload(f"{drive}/root:/{name}:/content", data)
    if done.state != "done":
        raise Untried("a document could not be stored")
    return done


async def _facts(ground: Ground, drive: str, name: str) -> dict[str, Any]:
    path = f"{drive}/root:/{name}?$expand=listItem"
    body: dict[str, Any] = ground.must(await ground.graph("GET", path), "a reading").body
    return body


async def _number(ground: Ground, drive: str, name: str) -> str:
    return str((await _facts(ground, drive, name))["listItem"]["id"])


async def _patch(ground: Ground, drive: str, name: str, text: str) -> Outcome:
    path = f"{drive}/root:/{name}:/listItem/fields"
    return await ground.graph("PATCH", path, {"Words": text})


async def _overwrite(ground: Ground, library: str, number: str, text: str) -> None:
    list_id = ground.lists[library]
    path = f"/_api/web/lists(guid'{list_id}')/items({number})/ValidateUpdateListItem"
    values = [{"FieldName": "Words", "FieldValue": text}]
    body = {"formValues": values, "bNewDocumentUpdate": True}
    ground.must(await ground.rest("POST", path, body), "an overwriting change")


async def _versions(ground: Ground, library: str, number: str) -> int:
    path = f"{ground.site}/lists/{ground.lists[library]}/items/{number}/versions"
    return len(ground.must(await ground.graph("GET", path), "a reading").body["value"])


async def _stored(ground: Ground) -> str:
    drive = await _drive(ground, "Papers")
    first = await _put(ground, drive, "stored.txt", _PLAIN)
    again = await _put(ground, drive, "stored.txt", _PLAIN + _PLAIN)
    return f"{first.status}, then {again.status}"


async def _right_after(ground: Ground) -> str:
    drive = await _drive(ground, "Papers")
    await _put(ground, drive, "soon.txt", _PLAIN)
    return told(await _patch(ground, drive, "soon.txt", "a"))


async def _session(ground: Ground) -> str:
    path = f"{await _drive(ground, 'Papers')}/root:/large.txt:/createUploadSession"
    return told(await ground.graph("POST", path, {"item": {"name": "large.txt"}}))


async def _version_by_patch(ground: Ground) -> str:
    drive = await _drive(ground, "Papers")
    await _put(ground, drive, "patched.txt", _PLAIN)
    number = await _number(ground, drive, "patched.txt")
    before = await _versions(ground, "Papers", number)
    ground.must(await _patch(ground, drive, "patched.txt", "a"), "a change")
    return "one more" if await _versions(ground, "Papers", number) > before else "none"


async def _version_by_overwrite(ground: Ground) -> str:
    drive = await _drive(ground, "Papers")
    await _put(ground, drive, "over.txt", _PLAIN)
    number = await _number(ground, drive, "over.txt")
    before = await _versions(ground, "Papers", number)
    await _overwrite(ground, "Papers", number, "a")
    return "one more" if await _versions(ground, "Papers", number) > before else "none"


async def _hash(ground: Ground, name: str, data: bytes) -> str:
    """Whether the hash of a document moves when a column of it changes, and nothing else."""
    drive = await _drive(ground, "Papers")
    await _put(ground, drive, name, data)
    before = (await _facts(ground, drive, name))["file"].get("hashes")
    ground.must(await _patch(ground, drive, name, "a"), "a change")
    after = (await _facts(ground, drive, name))["file"].get("hashes")
    return "moves" if before != after else "stays"


async def _plain_hash(ground: Ground) -> str:
    return await _hash(ground, "plain.txt", _PLAIN)


async def _office_hash(ground: Ground) -> str:
    return await _hash(ground, "office.docx", _document())


async def _approved(ground: Ground, name: str) -> tuple[str, str]:
    """A document that is approved, in a library with approval: its drive and its number."""
    drive = await _drive(ground, "Approved")
    await _put(ground, drive, name, _PLAIN)
    number = await _number(ground, drive, name)
    path = f"{ground.transport.site_path}/{PREFIX}Approved/{name}"
    approve = f"/_api/web/getfilebyserverrelativepath(decodedurl='{path}')/approve(comment='')"
    ground.must(await ground.rest("POST", approve), "an approval")
    return drive, number


async def _status(ground: Ground, number: str) -> str:
    list_id = ground.lists["Approved"]
    path = f"/_api/web/lists(guid'{list_id}')/items({number})?$select=OData__ModerationStatus"
    body = ground.must(await ground.rest("GET", path), "a reading").body
    status = body.get("OData__ModerationStatus")
    return {0: "stays approved", 2: "goes back to pending"}.get(status, "goes elsewhere")


async def _approval_by_patch(ground: Ground) -> str:
    drive, number = await _approved(ground, "one.txt")
    ground.must(await _patch(ground, drive, "one.txt", "a"), "a change")
    return await _status(ground, number)


async def _approval_by_overwrite(ground: Ground) -> str:
    _, number = await _approved(ground, "two.txt")
    await _overwrite(ground, "Approved", number, "a")
    return await _status(ground, number)


_PUT = "learn.microsoft.com/graph/api/driveitem-put-content"
_OVERWRITE = "SharePoint/sp-dev-docs#7424"

DOCUMENTS = (
    Behaviour(
        "document-stored",
        "Which statuses answer a new document, and its replacement?",
        "201, then 200",
        _PUT,
        _stored,
    ),
    Behaviour(
        "document-right-after",
        "May columns of a document change right after it was stored?",
        "200",
        "OneDrive/onedrive-api-docs#1414",
        _right_after,
    ),
    Behaviour(
        "document-session",
        "May the app open an upload session?",
        "200",
        "learn.microsoft.com/graph/api/driveitem-createuploadsession",
        _session,
    ),
    Behaviour(
        "document-version",
        "How many versions does a change of columns make?",
        "one more",
        "microsoftgraph/microsoft-graph-docs#4909",
        _version_by_patch,
    ),
    Behaviour(
        "document-overwrite-version",
        "How many versions does an overwriting change (bNewDocumentUpdate) make?",
        "none",
        _OVERWRITE,
        _version_by_overwrite,
    ),
    Behaviour(
        "document-hash",
        "Does the hash of a text move when a column changes?",
        "stays",
        "learn.microsoft.com/graph/api/resources/hashes",
        _plain_hash,
    ),
    Behaviour(
        "document-office-hash",
        "Does the hash of a Word document move when a column changes?",
        "moves",
        "OneDrive/onedrive-api-docs#935, rclone/rclone#2599",
        _office_hash,
    ),
    Behaviour(
        "document-approval",
        "What becomes of the approval when a column changes?",
        "goes back to pending",
        "learn.microsoft.com/graph/api/listitem-update",
        _approval_by_patch,
    ),
    Behaviour(
        "document-overwrite-approval",
        "What becomes of the approval after an overwriting change?",
        "goes back to pending",
        _OVERWRITE,
        _approval_by_overwrite,
    ),
)
