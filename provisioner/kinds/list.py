"""Libraries, which hold documents, and lists, which hold rows.

```yaml
libraries:
  - key: access-control-evidence     # its name in this file and in plans; never shown
    title: Access Control Evidence
    url: AccessControlEvidence
    versioning: {major: 500, minor: 20}
    approval: true
    draftVisibility: approver        # reader, author or approver: who sees drafts
    checkout: false
    folderCreation: false
    folders: [2026/Q1, 2026/Q2]      # see folders
    formatting: {ReviewStatus: status-pill}   # see column formatting
lists:
  - key: risk-register
    title: Risk Register
    attachments: false
    checks:                          # asked by sync of every row
      - {code: RISK-LATE, severity: error, where: {NextReview: {lt: today}}, message: "{{ Title }}: late"}
```

A library answers at `/sites/acme/AccessControlEvidence`, a list at `/sites/acme/Lists/RiskRegister`.
Without `url` the key is used, `risk-register` as `RiskRegister`. The title may change whenever you
like, in the file; one that was changed in SharePoint is drift.

Give a library or list another `key` with `renamedFrom: [old-key]`, and keep the `url`: it stays what
it is, and our records go with it. Another `url` moves it, which breaks every link that people sent
one another; so a plan refuses it until `--allow list:risk-register` is given.

What the file leaves out is left alone. A list that is no longer in the file is not touched, unless
you prune; then it goes to the recycle bin.

SharePoint names the address of a new list after its first title, so a list is created under its
`url` and given its title and settings right after. If that address is taken, SharePoint adds a
number to it, and the plan then refuses, because it is not the address that was asked for.

`sensitivityLabel` is the label's id, since names would need a permission to read every label of the
organisation. How many versions SharePoint keeps may also be left to itself by the organisation
("automatic" version limits); then it removes versions before the number in `versioning` is reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from provisioner.core.address import SITE, address
from provisioner.core.resource import Action, Change, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Operation, Reading
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.list_settings import READ, VISIBILITY, canonical_settings, settings_body
from provisioner.kinds.list_spec import Library, List
from provisioner.kinds.requests import (
    GRAPH_MANAGE,
    REST_MANAGE,
    graph,
    graph_site,
    read_rest,
    rest,
    rest_list,
    rows,
)

MOVE = "list-move"
"""The capability that another address of a list rests on."""
_TEMPLATES = {100: "genericList", 101: "documentLibrary"}
_SYSTEM_URLS = (
    "/siteassets",
    "/style library",
    "/formservertemplates",
    "/taxonomyhiddenlist",
    "/contenttypesynclog",
    "/publishedfeed",
    "/appdata",
    "/appfiles",
    "/sitepages",
)


LISTS = read_rest(
    f"/_api/web/lists?$select=Id,Title,Description,BaseTemplate,Hidden,IsCatalog,ItemCount,{READ},"
    "ContentTypesEnabled,ValidationFormula,ValidationMessage,HasUniqueRoleAssignments,"
    "RootFolder/ServerRelativeUrl,RootFolder/UniqueContentTypeOrder,"
    "RootFolder/ContentTypeOrder&$expand=RootFolder"
)
"""Every list of the site with its settings, address and content type order, in one request."""


_WORDS = {
    name: field.alias or name
    for model in (Library, List)
    for name, field in model.model_fields.items()
    if name not in {"key", "url", "renamed_from", "checks"}
}
"""What a file may say of a list itself, by the name it has in the models."""


def url_of(spec: Library | List, scope: Scope) -> str:
    """The server-relative address the declaration asks for."""
    word = spec.url or "".join(part[:1].upper() + part[1:] for part in spec.key.split("-"))
    return (
        f"{scope.site_path}/{word}"
        if isinstance(spec, Library)
        else (f"{scope.site_path}/Lists/{word}")
    )


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """The list, with what the file says of it."""
    spec = declared.spec
    assert isinstance(spec, (Library, List))
    url = url_of(spec, scope)
    said: dict[str, Any] = {
        "url": url,
        "template": "documentLibrary" if isinstance(spec, Library) else "genericList",
        **{word: getattr(spec, name, None) for name, word in _WORDS.items()},
        "description": None if spec.description is None else spec.description.strip(),
        "versioning": spec.versioning and spec.versioning.model_dump(),
    }
    properties = {name: value for name, value in said.items() if value is not None}
    keys = (("url", url), ("title", spec.title))
    extra = {"renamedFrom": spec.renamed_from}
    own = address("list", spec.key)
    return (Resource("list", own, properties, keys, extra=extra, where=declared.where),)


def inventory(_scope: Scope) -> Sequence[Reading]:
    """One request for every list."""
    return (LISTS,)


def found(_scope: Scope, _known: Known, answers: Answers) -> Sequence[Found]:
    """Every list of the site, hidden ones too."""
    answer = answers.get(LISTS)
    return [_found(row) for row in rows(answer.body)] if answer is not None else ()


def _found(row: Mapping[str, Any]) -> Found:
    url = str((row.get("RootFolder") or {}).get("ServerRelativeUrl") or "")
    template = int(row.get("BaseTemplate") or 0)
    own = bool(row.get("HasUniqueRoleAssignments"))
    return Found(
        "list",
        SITE,
        url.rpartition("/")[2] or str(row["Title"]),
        (("url", url), ("title", str(row["Title"]))),
        {
            "id": str(row["Id"]).lower(),
            "url": url,
            "inherits": "false" if own else "true",
            "contents": str(row.get("ItemCount") or 0),
        },
        canonical(row),
        builtin=bool(row.get("IsCatalog"))
        or template not in _TEMPLATES
        or url.lower().endswith(_SYSTEM_URLS),
    )


def canonical(row: Mapping[str, Any]) -> dict[str, Any]:
    """An `SP.List` in the words of the workspace file."""
    template = int(row.get("BaseTemplate") or 0)
    return {
        "url": str((row.get("RootFolder") or {}).get("ServerRelativeUrl") or ""),
        "template": _TEMPLATES.get(template, str(template)),
        **canonical_settings(row),
    }


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Create under the url and settle at once; update the settings that differ; recycle."""
    own = change.address
    if change.action is Action.DELETE:
        path = f"{rest_list(own)}/recycle()"
        return (rest("POST", path, own, what=f"Recycle {own}", tolerates=(404,)),)
    wanted = change.desired
    if wanted is None:
        return ()
    if change.action is Action.CREATE:
        settings = _settings(wanted.properties, wanted.properties)
        return (_create(wanted), _settle(wanted, settings, f"Settle {own}"))
    names = {field.path.partition(".")[0] for field in change.fields}
    changed = {name: wanted.properties.get(name) for name in names}
    made = [_move(wanted)] if "url" in names else []
    settings = _settings(changed, wanted.properties)
    if settings:
        made.append(_settle(wanted, settings, f"Update {own}"))
    return made


def _settle(wanted: Resource, settings: Mapping[str, Any], what: str) -> Operation:
    """Names of sensitivity labels cannot be read, so only SharePoint knows whether one is there."""
    own = wanted.address
    made = rest("MERGE", rest_list(own), own, settings, what=what)
    label = wanted.properties.get("sensitivityLabel")
    if not label or label not in settings.values():
        return made
    why = (
        f"If no sensitivity label {label} is published for files, publish it in Microsoft Purview, "
        "or take `sensitivityLabel` out of the file."
    )
    return replace(made, refused={400: why})


def _move(wanted: Resource) -> Operation:
    """Give the list another address.

    `Folder.MoveTo` of its root folder, as PnP PowerShell does it (Set-PnPList -Path).
    """
    own, url = wanted.address, str(wanted.properties["url"])
    path = f"{rest_list(own)}/RootFolder/MoveTo"
    told = rest("POST", path, own, {"newUrl": url}, what=f"Move {own} to {url}")
    return replace(told, capability=MOVE)


def _create(wanted: Resource) -> Operation:
    segment = str(wanted.properties["url"]).rpartition("/")[2]
    body = {"displayName": segment, "list": {"template": wanted.properties["template"]}}
    made = graph(
        "POST",
        f"{graph_site()}/lists",
        wanted.address,
        body,
        produces={"id": "/id", "url": "/webUrl"},
        what=f"Create {wanted.address}",
        scope="site",  # two lists made at the same moment may answer 409
    )
    return replace(made, scope="site")  # two lists made at once conflict


def _settings(changed: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The MERGE body for the properties in `changed`, in SharePoint's words."""
    return settings_body(changed, library=wanted["template"] == "documentLibrary")


def risk(action: Action, fields: Sequence[FieldChange]) -> Risk:
    """High where content goes, its history is cut or links break; medium where more is seen."""
    if action in {Action.DELETE, Action.REPLACE}:
        return "high"
    level: Risk = "low"
    for field in fields if action is Action.UPDATE else ():
        before, after = field.before, field.after
        if field.path == "url":
            return "high"
        if (
            field.path == "versioning"
            and isinstance(before, Mapping)
            and any((after or {}).get(name, 0) < before.get(name, 0) for name in ("major", "minor"))
        ):
            return "high"
        if (field.path == "approval" and before) or (field.path == "attachments" and before):
            level = "medium"
        if field.path in {"readItems", "editItems"} and after == "all":
            level = "medium"
        if field.path == "draftVisibility" and VISIBILITY.index(after) < VISIBILITY.index(before):
            level = "medium"
    return level


KINDS = (
    Kind(
        name="list",
        title="Library or list",
        rank=50,
        mounts={"libraries[]": Library, "lists[]": List},
        desired=desired,
        operations=operations,
        inventory=inventory,
        found=found,
        risk=risk,
        immutable=frozenset({"template"}),
        guarded=frozenset({"url"}),
        rests_on={"url": MOVE},
        people_own=frozenset({"description"}),
        recycles=True,
        permissions={
            Action.CREATE: GRAPH_MANAGE,
            Action.UPDATE: REST_MANAGE,
            Action.DELETE: REST_MANAGE,
        },
    ),
)
