"""Default values of a library's columns, for all of it and for single folders.

```yaml
libraries:
  - key: access-control-evidence
    defaults: {ControlArea: Access}          # for every new document
    folders:
      - path: 2026/Q1
        defaults: {Quarter: Q1, Due: 2026-03-31}   # for documents in this folder and below
```

The names are internal names of columns. A text, choice, number, yes/no or date column can have
them; of a date, `today` is the day of the upload. `null` says that there must be no default value.
What the file does not name, people may set in the library's own settings, and it is kept. These
values come before the `default` of the column itself.

SharePoint keeps them in a file of the library, and a program of its own, an event receiver, puts
them onto new documents. Since September 2026 SharePoint lets no other program register that one. So
after the first apply, open the library's settings, "Column default value settings", and save any
value there once: SharePoint then registers it itself. Until then a drift check says so for each
library, with the note `DEFAULTS-NOT-ACTIVE`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import RootModel, field_validator

from provisioner.core.address import address, parent_of
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.default_file import read_file, written_file
from provisioner.kinds.default_texts import TYPES, canonical, text_of
from provisioner.kinds.folder import Folder
from provisioner.kinds.list import url_of
from provisioner.kinds.list_spec import Library
from provisioner.kinds.requests import (
    REST_MANAGE,
    quoted,
    read_rest,
    rest,
    rest_list,
    rest_list_by_id,
    rows,
)

_FILE = "client_LocationBasedDefaults.html"
_RECEIVER = "LocationBasedMetadataDefaultsReceiver ItemAdded"
ACTIVE = "(active)"
"""Whether SharePoint puts the values onto new documents; read, and never declared."""
_HOME = "(url)"
"""Where the library is, since the file names its folders by their whole addresses. Neither this nor
the other can be the internal name of a column."""


class DefaultValues(RootModel[dict[str, str | bool | int | float | None]]):
    """Default values of columns for new documents, by the columns' internal names."""

    @field_validator("root")
    @classmethod
    def _are_said(cls, value: dict[str, Any]) -> dict[str, Any]:
        if not value:
            raise ValueError("Name at least one column, or leave `defaults` out.")
        for name, one in value.items():
            if one == "":
                raise ValueError(f"Write `{name}: null` to say that there is no default value.")
        return value


def place_of(declared: Declared) -> tuple[str, str]:
    """Address of the library, and the folder from its root; "" for the library itself."""
    above = declared.parent
    assert above is not None
    path = above.spec.path if isinstance(above.spec, Folder) else ""
    library = above.parent if isinstance(above.spec, Folder) else above
    assert library is not None
    return address("list", str(getattr(library.spec, "key", ""))), path


def declared_values(found: Sequence[Declared]) -> dict[str, dict[str, dict[str, Any]]]:
    """Values by library, folder and column, of all declarations in a file."""
    made: dict[str, dict[str, dict[str, Any]]] = {}
    for one in found:
        assert isinstance(one.spec, DefaultValues)
        library, path = place_of(one)
        made.setdefault(library, {})[path] = dict(one.spec.root)
    return made


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """All default values of the library, since SharePoint keeps them in one file.

    Each declaration gives the same; the library's own is the one that errors point at.
    """
    own, path = place_of(declared)
    library = declared.parent
    while library is not None and not isinstance(library.spec, Library):
        library = library.parent
    assert library is not None
    assert isinstance(library.spec, Library)
    properties: dict[str, Any] = {_HOME: url_of(library.spec, scope)}
    folders = []
    for folder, values in scope.defaults.get(own, {}).items():
        for column, value in values.items():
            word = scope.type_of(own, column)
            properties[_path(folder, column)] = text_of(value, word)
        if folder:
            folders.append(address("folder", folder, own))
    return (
        Resource(
            "defaultValues",
            address("defaultValues", "", own),
            properties,
            (("defaults", "defaults"),),
            tuple(folders),
            where=None if path else declared.where,
        ),
    )


def _path(folder: str, column: str) -> str:
    return f"{folder}/{column}" if folder else column


def _file(url: str) -> Reading:
    path = f"/_api/web/GetFileByServerRelativePath(decodedUrl='{quoted(f'{url}/Forms/{_FILE}')}')"
    return read_rest(f"{path}/$value", cost=1, pages=False, absent_ok=True)


def _receivers(list_id: str) -> Reading:
    return read_rest(f"{rest_list_by_id(list_id)}/eventreceivers?$select=ReceiverName")


def _looked_at(scope: Scope, known: Known) -> list[tuple[str, str, str]]:
    """Address, id and URL of each library whose default values are read."""
    return [
        (one.address, one.ids["id"], one.ids["url"])
        for one in known.values()
        if one.kind == "list"
        and one.declared
        and one.properties.get("template", "documentLibrary") == "documentLibrary"
        and (one.address in scope.defaults or "*" in scope.defaults)
    ]


def detail(scope: Scope, known: Known) -> Sequence[Reading]:
    """The file of each library that has a word on it, and the library's event receivers."""
    found = _looked_at(scope, known)
    return [ask for _, own_id, url in found for ask in (_file(url), _receivers(own_id))]


def detail_found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """Every default value of those libraries, people's too, once there is a file."""
    made = []
    for own, own_id, url in _looked_at(scope, known):
        answer = answers.get(_file(url))
        if answer is None or answer.status != 200:
            continue
        listing = answers.get(_receivers(own_id))
        names = {str(one.get("ReceiverName")) for one in rows(listing.body if listing else None)}
        properties: dict[str, Any] = {ACTIVE: _RECEIVER in names, _HOME: url}
        for place, column, text in read_file(answer.body, url):
            word = scope.type_of(own, column)
            properties[_path(place, column)] = canonical(text, word)
        made.append(
            Found(
                "defaultValues",
                own,
                "",
                (("defaults", "defaults"),),
                {"id": own_id},
                properties,
                builtin=True,
            )
        )
    return made


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """The whole file, with what people set; and the event receiver, as far as SharePoint lets us.

    Requests as pnp/cli-microsoft365 (spo list defaultvalue set) and @pnp/sp (column-defaults) send
    them. That SharePoint refuses the receiver since September 2026: pnp/powershell issue 5467.
    """
    wanted, own = change.desired, change.address
    if wanted is None or change.action not in {Action.CREATE, Action.UPDATE}:
        return ()
    there = dict(change.existing.properties) if change.existing is not None else {}
    active = bool(there.pop(ACTIVE, False))
    every = {**there, **wanted.properties}
    url = str(every.pop(_HOME))
    values = {path: str(text) for path, text in every.items() if text}
    folder = f"/_api/web/GetFolderByServerRelativePath(decodedUrl='{quoted(f'{url}/Forms')}')"
    written = rest(
        "POST",
        f"{folder}/Files/Add(url='{_FILE}',overwrite=true)",
        own,
        written_file(values, url),
        headers={"Content-Type": "text/plain"},
        what=f"Write the default values of {parent_of(own)}",
    )
    made = [replace(written, alone=True)]  # a batch takes no file
    if not active:
        path = f"{rest_list(own)}/eventreceivers/add"
        body = {"eventReceiverCreationInformation": _REGISTERED}
        what = f"Have SharePoint apply the default values of {parent_of(own)}"
        made.append(rest("POST", path, own, body, tolerates=(401, 403), what=what))
    return made


_REGISTERED = {
    "EventType": 10001,
    "ReceiverAssembly": "Microsoft.Office.DocumentManagement, Version=16.0.0.0, Culture=neutral, "
    "PublicKeyToken=71e9bce111e9429c",
    "ReceiverClass": "Microsoft.Office.DocumentManagement.LocationBasedMetadataDefaultsReceiver",
    "ReceiverName": _RECEIVER,
    "SequenceNumber": 1000,
    "Synchronization": 1,
}


def said_values(properties: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """What a file says of the values that were read, by folder ("" for the library) and column.

    `words` are the columns that the file may name, with the words of their types.
    """
    made: dict[str, dict[str, Any]] = {}
    for path, text in properties.items():
        folder, _, column = path.rpartition("/")
        if (
            path not in {ACTIVE, _HOME}
            and words.get(column) in TYPES
            and not folder.startswith("/")
        ):
            made.setdefault(folder, {})[column] = TYPES[words[column]].said(str(text))
    return made


def named(properties: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Folder and column of each value among the properties."""
    paths = [path for path in properties if path not in {ACTIVE, _HOME}]
    return {path: (path.rpartition("/")[0], path.rpartition("/")[2]) for path in paths}


KINDS = (
    Kind(
        name="defaultValues",
        title="Default values",
        rank=67,
        mounts={
            "libraries[].defaults": DefaultValues,
            "libraries[].folders[].defaults": DefaultValues,
        },
        desired=desired,
        operations=operations,
        detail=detail,
        detail_found=detail_found,
        deletable=False,
        follows=frozenset({_HOME}),
        after=frozenset({"column", "contentType", "folder"}),
        permissions={Action.CREATE: REST_MANAGE, Action.UPDATE: REST_MANAGE},
    ),
)
