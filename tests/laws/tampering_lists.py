"""How somebody else changes content types, libraries, lists, what is in them, and views."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from outsider import Send
from tampering import At, Outcome, Why, tampers

# -- content types --------------------------------------------------------------------------------


def _type(at: At) -> str:
    return f"{at.graph}/contentTypes/{at.id()}"


@tampers("contentType", "name", "group", "description")
def _type_text(at: At) -> Outcome:
    return [Send("PATCH", _type(at), {at.path: f"{at.value} 2"})]


@tampers("contentType", "hidden")
def _type_hidden(at: At) -> Outcome:
    return [Send("PATCH", _type(at), {"hidden": not at.value})]


@tampers("contentType", "columns.required", "columns.hidden")
def _type_column(at: At) -> Outcome:
    _, name, word = at.path.split(".")
    column = f"{_type(at)}/columns/{at.id(f'column:{name}')}"
    return [Send("PATCH", column, {word: not at.value})]


@tampers("contentType", "columnOrder")
def _type_order(at: At) -> Outcome:
    if len(at.value) < 2:
        return Why("one column has no order")
    links = at.ask(Send("GET", f"/_api/web/contenttypes('{at.id()}')/fieldlinks"))["value"]
    names = [one["Name"] for one in links]
    asked = [name for name in names if name in at.value]
    turned = iter(reversed(asked))
    order = [next(turned) if name in asked else name for name in names]
    path = f"/_api/web/contenttypes('{at.id()}')/fieldlinks/reorder"
    return [Send("POST", path, {"internalNames": order})]


@tampers("contentTypeOrder", "enabled")
def _types_enabled(at: At) -> Outcome:
    return [Send("MERGE", at.home, {"ContentTypesEnabled": not at.value})]


@tampers("contentTypeOrder", "removed")
def _type_back(at: At) -> Outcome:
    number = {"Document": "0x0101", "Item": "0x01"}[at.path.partition(".")[2]]
    body = {"contentTypeId": number}
    return [Send("POST", f"{at.home}/contenttypes/addavailablecontenttype", body)]


@tampers("contentType", "columns")
def _type_columns(at: At) -> Outcome:
    column = at.id(f"column:{at.path.partition('.')[2]}")
    return [Send("DELETE", f"{_type(at)}/columns/{column}")]


@tampers("contentTypeOrder", "newMenu")
def _order(at: At) -> Outcome:
    found = at.ask(Send("GET", f"{at.home}/contenttypes?$select=StringId,Name"))["value"]
    others = [one["StringId"] for one in found if one["Name"] not in at.value]
    others = [one for one in others if not one.startswith("0x0120")]
    ids = {one["Name"]: one["StringId"] for one in found}
    shown = others[:1] or [ids[name] for name in reversed(at.value)]
    body = {"UniqueContentTypeOrder": [{"StringValue": one} for one in shown]}
    return [Send("MERGE", f"{at.home}/rootfolder", body)]


# -- lists ----------------------------------------------------------------------------------------

_LIST: dict[str, Callable[[Any], dict[str, Any]]] = {
    "title": lambda now: {"Title": f"{now} (alt)"},
    "description": lambda _now: {"Description": "Autre chose."},
    "versioning": lambda now: (
        {"MajorVersionLimit": 444} if now["major"] else {"EnableVersioning": True}
    ),
    "approval": lambda now: {"EnableModeration": not now},
    "draftVisibility": lambda now: {"DraftVersionVisibility": 0 if now != "reader" else 1},
    "checkout": lambda now: {"ForceCheckout": not now},
    "folderCreation": lambda now: {"EnableFolderCreation": not now},
    "quickLaunch": lambda now: {"OnQuickLaunch": not now},
    "hidden": lambda now: {"Hidden": not now},
    "crawled": lambda now: {"NoCrawl": bool(now)},
    "attachments": lambda now: {"EnableAttachments": not now},
    "sync": lambda now: {"ExcludeFromOfflineClient": bool(now)},
    "gridEditing": lambda now: {"DisableGridEditing": bool(now)},
    "comments": lambda now: {"DisableCommenting": bool(now)},
    "experience": lambda now: {"ListExperienceOptions": 2 if now != "classic" else 0},
    "opening": lambda now: {"DefaultItemOpenInBrowser": now == "app"},
    "readItems": lambda now: {"ReadSecurity": 1 if now == "own" else 2},
    "editItems": lambda now: {"WriteSecurity": 1 if now == "own" else 2},
    "sensitivityLabel": lambda _now: {"DefaultSensitivityLabelForLibrary": ""},
}


@tampers("list", *_LIST)
def _list(at: At) -> Outcome:
    return [Send("MERGE", at.home, _LIST[at.path](at.value))]


@tampers("folder", "folder")
def _folder(at: At) -> Outcome:
    return [Send("DELETE", f"{at.graph}/drive/items/{at.id()}")]


@tampers("defaultValues", "*")
def _default_value(at: At) -> Outcome:
    """What SharePoint's own settings page does: it writes the file with another value."""
    folder, _, name = at.path.rpartition("/")
    home = f"{at.id(at.list, 'url')}/Forms"
    file = f"{home}/client_LocationBasedDefaults.html"
    text = at.ask(Send("GET", f"/_api/web/GetFileByServerRelativePath(decodedUrl='{file}')/$value"))
    places = (one.start() for one in re.finditer('href="([^"]*)"', text)
              if unquote(one[1]).endswith(folder))  # fmt: skip
    found = re.search(f'(<DefaultValue FieldName="{name}">)[^<]*', text[next(places) :])
    assert found is not None, (name, text)
    other = text.replace(
        found[0], f"{found[1]}{'1' if str(at.value) in '01' else 'A.8.8 Schwachstellen'}"
    )
    path = f"/_api/web/GetFolderByServerRelativePath(decodedUrl='{home}')/Files/Add"
    added = f"{path}(url='client_LocationBasedDefaults.html',overwrite=true)"
    return [Send("POST", added, other.encode())]


@tampers("retentionLabel", "label")
def _retention(at: At) -> Outcome:
    body = {
        "listUrl": f"https://contoso.sharepoint.com{at.id(at.list, 'url')}",
        "complianceTagValue": "" if at.value else "Evidence 7 years",
        "blockDelete": False,
        "blockEdit": False,
        "syncToItems": False,
    }
    return [Send("POST", "/_api/SP_CompliancePolicy_SPPolicyStoreProxy_SetListComplianceTag", body)]


@tampers("validation", "formula", "message")
def _row_rule(at: At) -> Outcome:
    name = f"Validation{at.path.capitalize()}"
    value = '=[Title]<>"x"' if at.path == "formula" else "Nein."
    return [Send("MERGE", at.home, {name: value})]


@tampers("viewOwnership", "extras")
def _other_view(at: At) -> Outcome:
    view = {"Title": "Autre", "ViewFields": {"results": ["Title"]}, "PersonalView": False}
    return [Send("POST", f"{at.home}/views/add", {"parameters": view})]


# -- views ----------------------------------------------------------------------------------------

_VIEW: dict[str, Callable[[Any], dict[str, Any]]] = {
    "name": lambda now: {"Title": f"{now} 2"},
    "query": lambda _now: {
        "ViewQuery": '<OrderBy><FieldRef Name="ID" Ascending="FALSE"/></OrderBy>'
    },
    "rowLimit": lambda now: {"RowLimit": now - 1 or 2},
    "paged": lambda now: {"Paged": not now},
    "scope": lambda now: {"Scope": 2 if now != "recursiveAll" else 0},
    "totals": lambda _now: {
        "Aggregations": '<FieldRef Name="Title" Type="COUNT"/>',
        "AggregationsStatus": "On",
    },
    "widths": lambda _now: {"ColumnWidth": '<FieldRef Name="LinkFilename" width="99"/>'},
    "layout": lambda now: {"ViewType2": "TILES" if now != "gallery" else "COMPACTLIST"},
    "formatting": lambda _now: {"CustomFormatter": '{"additionalRowClass":"x"}'},
    "layoutData": lambda _now: {"ViewData": '<FieldRef Name="Title" Type="KanbanPivotColumn"/>'},
}


def _view_path(at: At) -> str:
    return f"{at.home}/views(guid'{at.id()}')"


@tampers("view", *_VIEW)
def _view(at: At) -> Outcome:
    return [Send("MERGE", _view_path(at), _VIEW[at.path](at.value))]


@tampers("view", "columns")
def _view_columns(at: At) -> Outcome:
    if len(at.value) > 1:
        last = len(at.value) - 1
        body = {"field": at.value[0], "index": last}
        return [Send("POST", f"{_view_path(at)}/viewfields/moveviewfieldto", body)]
    return [Send("POST", f"{_view_path(at)}/viewfields/addviewfield('Modified')")]


@tampers("view", "default")
def _view_default(at: At) -> Outcome:
    found = at.ask(Send("GET", f"{at.home}/views"))["value"]
    other = next(one["Id"] for one in found if not one["DefaultView"] and not one["Hidden"])
    return [Send("MERGE", f"{at.home}/views(guid'{other}')", {"DefaultView": True})]
