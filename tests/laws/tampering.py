"""How somebody else changes each property of each kind, with the requests Microsoft documents.

`TAMPERINGS` has a function for each kind and property, which gives the requests that change this
property of one resource and nothing else, or a `Why` where this one cannot be changed alone. What
nobody can change by a supported request, in no resource, is in `CANNOT` with the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outsider import Send

from provisioner.core.resource import Resource

Ids = Mapping[tuple[str, str], str]


class Why(str):
    """Why this property of this resource is not tampered with."""

    __slots__ = ()


@dataclass(frozen=True)
class At:
    """One property of one resource, and what a tampering may look up.

    `ask` reads from the site; `resources` are all that the workspace declares.
    """

    resource: Resource
    path: str
    ids: Ids
    resources: Mapping[str, Resource]
    ask: Callable[[Send], Any]

    @property
    def address(self) -> str:
        return self.resource.address

    @property
    def value(self) -> Any:
        return self.resource.properties[self.path]

    def said(self, path: str) -> Any:
        return self.resource.properties.get(path)

    def id(self, address: str = "", attribute: str = "id") -> str:
        return self.ids[address or self.address, attribute]

    @property
    def list(self) -> str:
        """The address of the list the resource is, or is in; "" in the site."""
        first = self.address.partition("/")[0]
        return first if first.startswith("list:") else ""

    @property
    def home(self) -> str:
        """REST path of that list, or of the web."""
        return f"/_api/web/lists(guid'{self.id(self.list)}')" if self.list else "/_api/web"

    @property
    def graph(self) -> str:
        """Graph path of that list, or of the site."""
        site = f"/sites/{self.id('site')}"
        return f"{site}/lists/{self.id(self.list)}" if self.list else site


Outcome = Sequence[Send] | Why
TAMPERINGS: dict[tuple[str, str], Callable[[At], Outcome]] = {}


def tampers(kind: str, *paths: str) -> Callable[[Callable[[At], Outcome]], Callable[[At], Outcome]]:
    """Registers how these properties of a kind are tampered with; "*" is every other."""

    def register(function: Callable[[At], Outcome]) -> Callable[[At], Outcome]:
        for path in paths:
            TAMPERINGS[kind, path] = function
        return function

    return register


CANNOT = {
    ("site", "url"): "only an administrator of the tenant renames a site, and then it is another",
    ("site", "locale"): "the language of a site is fixed when it is made",
    ("site", "timeZone"): "no REST or Graph request sets the time zone of a site",
    ("site", "formats"): "no REST or Graph request sets regional settings",
    ("site", "firstDayOfWeek"): "no REST or Graph request sets regional settings",
    ("site", "time24"): "no REST or Graph request sets regional settings",
    ("site", "guestInvitations"): "only an administrator of the tenant changes it",
    ("site", "anonymousLinks"): "only an administrator of the tenant changes it",
    ("column", "primaryColumn"): "what a lookup brings along is fixed when it is made",
    ("column", "parentTerm"): "the emulator keeps no terms, and takes an anchor with its set alone",
    ("principal", "login"): "a person keeps the login name; another one is another person",
    ("list", "url"): "no REST or Graph request is built that moves a list to another address",
    ("list", "template"): "a list keeps its template; another one is another list",
    ("contentType", "base"): "what a content type is based on is in its id",
}


def sort_of(path: str) -> str:
    """A path without the name in its middle: `columns.Area.required` is `columns.required`."""
    first, _, rest = path.partition(".")
    last = rest.rpartition(".")[2] if "." in rest else ""
    return f"{first}.{last}" if last else first


def tampering(at: At) -> Outcome:
    """The requests for one property, or why there are none."""
    kind = at.resource.kind
    if (kind, sort_of(at.path)) in CANNOT:
        return Why(CANNOT[kind, sort_of(at.path)])
    way = TAMPERINGS.get((kind, sort_of(at.path)))
    way = way or TAMPERINGS.get((kind, "*"))
    assert way is not None, f"say in tampering.py how somebody changes {at.path} of a {kind}"
    return way(at)


# -- site -----------------------------------------------------------------------------------------


@tampers("site", "title", "description")
def _site(at: At) -> Outcome:
    return [Send("MERGE", "/_api/web", {at.path.capitalize(): "Anders & autre"})]


_WEB = {
    "quickLaunch": "QuickLaunchEnabled",
    "megaMenu": "MegaMenuEnabled",
    "footer": "FooterEnabled",
}


@tampers("site", *_WEB)
def _site_flag(at: At) -> Outcome:
    return [Send("MERGE", "/_api/web", {_WEB[at.path]: not at.value})]


@tampers("site", "searchScope", "logo", "sharing")
def _site_choice(at: At) -> Outcome:
    body = {
        "searchScope": {"SearchScope": 1},
        "logo": {"SiteLogoUrl": "/sites/marque/SiteAssets/a.png"},
        "sharing": {"MembersCanShare": False},
    }[at.path]
    return [Send("MERGE", "/_api/web", body)]


@tampers("site", "headerLayout", "headerEmphasis")
def _chrome(at: At) -> Outcome:
    number = 3 if at.path == "headerLayout" else 1
    return [Send("POST", "/_api/web/SetChromeOptions", {at.path: number})]


@tampers("site", "themeColor")
def _theme(_at: At) -> Outcome:
    theme = {"palette": {"themePrimary": {"R": 200, "G": 0, "B": 0, "A": 255}}}
    body = {"name": "Rouge", "themeJson": json.dumps(theme)}
    return [Send("POST", "/_api/ThemeManager/ApplyTheme", body)]


@tampers("site", "hub")
def _hub(at: At) -> Outcome:
    number = at.id("site").split(",")[1]
    return [
        Send("POST", "/_api/site/RegisterHubSite"),
        Send("POST", f"/_api/site/JoinHubSite('{number}')"),
    ]


# -- levels and groups ----------------------------------------------------------------------------


@tampers("role", "name", "description", "permissions")
def _role(at: At) -> Outcome:
    path = f"/_api/web/roledefinitions({at.id()})"
    if at.path == "permissions":
        masks = at.ask(Send("GET", path))["BasePermissions"]
        more = {"High": masks["High"], "Low": str(int(masks["Low"]) ^ 0x8)}  # DeleteListItems
        return [Send("MERGE", path, {"BasePermissions": more})]
    return [Send("MERGE", path, {at.path.capitalize(): "Autre nom"})]


_GROUP = {
    "name": "Title",
    "description": "Description",
    "onlyMembersView": "OnlyAllowMembersViewMembership",
    "membersEdit": "AllowMembersEditMembership",
    "requestToJoin": "AllowRequestToJoinLeave",
    "acceptRequests": "AutoAcceptRequestToJoinLeave",
}


@tampers("group", *_GROUP)
def _group(at: At) -> Outcome:
    value = not at.value if isinstance(at.value, bool) else f"{at.value} (ancien)"
    return [Send("MERGE", f"/_api/web/sitegroups({at.id()})", {_GROUP[at.path]: value})]


@tampers("group", "members")
def _members(at: At) -> Outcome:
    login = "i:0#.f|membership|cto@contoso.example"
    return [Send("POST", f"/_api/web/sitegroups({at.id()})/users", {"LoginName": login})]


@tampers("group", "owner")
def _owner(at: At) -> Outcome:
    other = Send(
        "POST", "/_api/web/ensureuser", {"logonName": "i:0#.f|membership|cto@contoso.example"}
    )
    number = at.ask(other)["Id"]
    return [Send("POST", f"/_api/web/sitegroups({at.id()})/setuserasowner({number})")]


@tampers("group", "role")
def _group_role(at: At) -> Outcome:
    level = at.id(f"role:{at.value}") if (f"role:{at.value}", "id") in at.ids else ""
    level = level or at.id(
        next(a for a, r in at.resources.items() if r.properties.get("name") == at.value)
    )
    gone = f"removeroleassignment(principalid={at.id()},roledefid={level})"
    return [Send("POST", f"/_api/web/roleassignments/{gone}")]


# -- columns --------------------------------------------------------------------------------------

_NUMERIC = {"number", "currency"}
_OUTPUT = {"text": 2, "number": 9, "dateTime": 4, "boolean": 8}
_TITLES = {"displayName": "Title", "description": "Description", "group": "Group"}
_FLAGS = {
    "required": "Required",
    "hidden": "Hidden",
    "richText": "RichText",
    "appendChanges": "AppendOnly",
    "percentage": "ShowAsPercentage",
}


def _field(at: At) -> str:
    return f"{at.home}/fields(guid'{at.id()}')"


def _merge(at: At, **body: Any) -> Outcome:
    return [Send("MERGE", _field(at), body)]


@tampers("column", *_TITLES)
def _column_text(at: At) -> Outcome:
    return _merge(at, **{_TITLES[at.path]: f"{at.value} (neu)"})


@tampers("column", *_FLAGS)
def _column_flag(at: At) -> Outcome:
    return _merge(at, **{_FLAGS[at.path]: not at.value})


@tampers("column", "indexed", "unique")
def _column_index(at: At) -> Outcome:
    kind = str(at.said("type"))
    if at.said("multiple") or kind in {"note", "calculated", "hyperlink", "boolean", "term"}:
        return Why(f"a {kind} column has no index or no unique values")
    if at.path == "indexed":
        if at.said("unique") or at.said("onDelete"):
            return Why("unique values, and what happens on deletion, need the index")
        return _merge(at, Indexed=not at.value)
    if not at.said("indexed"):
        return Why("unique values need an index, and that is another property")
    return _merge(at, EnforceUniqueValues=not at.value)


@tampers("column", "choices")
def _choices(at: At) -> Outcome:
    return _merge(at, Choices={"results": [*at.value, "Sonstiges; autre"]})


_DEFAULTS: dict[str, str] = {
    "text": "anders",
    "choice": "Anders",
    "boolean": "1",
    "number": "4",
    "currency": "12",
    "dateTime": "[today]",
    "note": "x",
}


@tampers("column", "default")
def _default(at: At) -> Outcome:
    kind = str(at.said("type"))
    if kind not in _DEFAULTS:
        return Why(f"a {kind} column has no default in SharePoint REST")
    if isinstance(at.value, str) and at.value.startswith("="):
        return _merge(at, DefaultFormula="=1+2")
    value = "0" if kind == "boolean" and at.value else _DEFAULTS[kind]
    return _merge(at, DefaultValue="" if "today" in str(at.value) else value)


@tampers("column", "readOnly", "allowTextEntry", "showFullyQualifiedName")
def _column_more(at: At) -> Outcome:
    name = {"readOnly": "ReadOnlyField", "allowTextEntry": "FillInChoice"}.get(
        at.path, "IsPathRendered"
    )
    return _merge(at, **{name: not at.value})


@tampers("column", "displayAs")
def _display_as(at: At) -> Outcome:
    if at.said("type") == "dateTime":
        return _merge(at, FriendlyDisplayFormat=1 if at.value == "friendly" else 2)
    if at.said("multiple"):
        return Why("choices of which several can be taken are always boxes")
    return _merge(at, EditFormat=0 if at.value == "radioButtons" else 1)


@tampers("column", "showInForms")
def _forms(at: At) -> Outcome:
    shown = "false" if "new" in at.value else "true"
    return [Send("POST", f"{_field(at)}/setshowinnewform({shown})")]


@tampers("column", "chooseFromType")
def _people(at: At) -> Outcome:
    return _merge(at, SelectionMode=0 if at.value == "peopleAndGroups" else 1)


@tampers("column", "fromGroup")
def _from_group(at: At) -> Outcome:
    other = int(at.id("group:Externe Pr%C3%BCfer"))
    return _merge(at, SelectionGroup=other)


@tampers("column", "termSet")
def _terms(at: At) -> Outcome:
    return _merge(at, TermSetId="22222222-2222-4333-8444-555555555555")


@tampers("column", "onDelete")
def _on_delete(at: At) -> Outcome:
    if not at.said("indexed") or at.said("primaryColumn"):
        return Why("what happens on deletion needs an index, and that is another property")
    return _merge(at, RelationshipDeleteBehavior=0 if at.value else 2)


@tampers("column", "validation")
def _validation(at: At) -> Outcome:
    if at.value:
        return _merge(at, ValidationMessage="Non.")
    if str(at.said("type")) in {"note", "lookup", "person", "hyperlink", "calculated", "boolean"}:
        return Why("SharePoint has no validation for columns of this type")
    return _merge(at, ValidationFormula="=1=1", ValidationMessage="Non.")


@tampers("column", "maxLength")
def _length(at: At) -> Outcome:
    return _merge(at, MaxLength=77)


@tampers("column", "lines")
def _lines(at: At) -> Outcome:
    return _merge(at, NumberOfLines=19)


@tampers("column", "decimals")
def _decimals(at: At) -> Outcome:
    return _merge(at, DisplayFormat=4)


@tampers("column", "format", "picture")
def _display(at: At) -> Outcome:
    now = at.value in (True, "dateTime")
    return _merge(at, DisplayFormat=0 if now else 1)


@tampers("column", "min")
def _least(at: At) -> Outcome:
    return _merge(at, MinimumValue=-3)


@tampers("column", "max")
def _most(at: At) -> Outcome:
    return _merge(at, MaximumValue=999999)


@tampers("column", "locale")
def _money(at: At) -> Outcome:
    return _merge(at, CurrencyLocaleId=1033)


@tampers("column", "formatting")
@tampers("formatting", "formatting")
def _formatting(at: At) -> Outcome:
    name = at.address.rpartition(":")[2]
    body = {"CustomFormatter": '{"elmType":"span","txtContent":"x"}'}
    return [Send("MERGE", f"{at.home}/fields/getbyinternalnameortitle('{name}')", body)]


@tampers("column", "show")
def _show(at: At) -> Outcome:
    return _merge(at, LookupField="Created" if at.value != "Created" else "Title")


@tampers("column", "formula")
def _formula(at: At) -> Outcome:
    return _merge(at, Formula=f'{at.value}&"!"')


@tampers("column", "result")
def _result(at: At) -> Outcome:
    return _merge(at, OutputType=_OUTPUT["number" if at.value == "text" else "text"])


@tampers("column", "type", "multiple", "list")
def _made_again(at: At) -> Outcome:
    """What is fixed when a column is made: somebody deletes it and makes another of its name."""
    name = at.address.rpartition(":")[2]
    if not at.list:
        return Why("a site column that content types use cannot be deleted")
    if name == "Title":
        return Why("the column every list has cannot be deleted")
    if at.said("primaryColumn") or at.said("onDelete"):
        return Why("a lookup and those it brings along go together")
    if at.said("unique") or _is_named(at, name):
        return Why("other parts name the column, and they would change with it")
    xml = str(at.ask(Send("GET", _field(at)))["SchemaXml"])
    xml = re.sub(r' (ID|SourceID|StaticName|ColName|RowOrdinal|Version)="[^"]*"', "", xml)
    kind = str(at.said("type"))
    if at.path == "list" and at.said("show") != "Title":
        return Why("the column it shows is one of the list it points at")
    if at.path == "list":
        other = next(a for a in ("list:lieferanten", "list:risiken") if a != at.value)
        xml = re.sub(r' List="[^"]*"', f' List="{{{at.id(other)}}}"', xml)
        xml = re.sub(r' ShowField="[^"]*"', ' ShowField="Title"', xml)
    elif at.path == "multiple":
        if kind not in {"choice", "person", "lookup"}:
            return Why(f"a {kind} column never takes several values")
        one = {"choice": "Choice", "person": "User", "lookup": "Lookup"}[kind]
        many = "MultiChoice" if kind == "choice" else f"{one}Multi"
        xml = re.sub(r' Type="[^"]*"', f' Type="{one if at.value else many}"', xml)
        xml = re.sub(r' Mult="[^"]*"', "", xml)
        if kind != "choice" and not at.value:
            xml = xml.replace("<Field ", '<Field Mult="TRUE" ', 1)
    else:
        if kind in {"lookup", "calculated"}:
            return Why("a column of another type has not its other properties either")
        xml = re.sub(
            r' Type="[^"]*"', ' Type="Boolean"' if kind != "boolean" else ' Type="Text"', xml
        )
    made = {"parameters": {"SchemaXml": xml, "Options": 8}}
    return [Send("DELETE", _field(at)), Send("POST", f"{at.home}/fields/createfieldasxml", made)]


def _is_named(at: At, name: str) -> bool:
    title = str(at.said("displayName"))
    for other in at.resources.values():
        if not other.address.startswith(f"{at.list}/") or other.address == at.address:
            continue
        if other.kind in {"view", "validation"} or "formula" in other.properties:
            text = str(dict(other.properties))
            if f"'{name}'" in text or f'"{name}"' in text or f"[{title}]" in text or title in text:
                return True
        if other.kind == "item" and name in other.properties:
            return True
    return False


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
    body = {"UniqueContentTypeOrder": [{"StringValue": one} for one in others[:1]]}
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


@tampers("retentionLabel", "label")
def _retention(at: At) -> Outcome:
    body = {
        "listUrl": f"https://contoso.sharepoint.com{at.id(at.list, 'url')}",
        "complianceTagValue": "Evidence 3 years",
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


# -- views ----------------------------------------------------------------------------------------

_VIEW: dict[str, Callable[[Any], dict[str, Any]]] = {
    "name": lambda now: {"Title": f"{now} 2"},
    "query": lambda _now: {
        "ViewQuery": '<OrderBy><FieldRef Name="ID" Ascending="FALSE"/></OrderBy>'
    },
    "rowLimit": lambda now: {"RowLimit": now + 1},
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


# -- access ---------------------------------------------------------------------------------------


def _secured(at: At) -> str:
    """REST path of what these permissions are of: the web, a list, a folder or a row."""
    above = at.address.rpartition("/")[0]
    if not above or above == at.list:
        return at.home
    if above.rpartition("/")[2].startswith("item:"):
        return f"{at.home}/items({at.id(above)})"
    folder = f"{at.graph}/drive/items/{at.id(above)}/listItem?$select=id"
    return f"{at.home}/items({at.ask(Send('GET', folder))['id']})"


@tampers("permissions", "inherit")
def _inherit(at: At) -> Outcome:
    if at.value:
        broken = "breakroleinheritance(copyRoleAssignments=true,clearSubscopes=true)"
        return [Send("POST", f"{_secured(at)}/{broken}")]
    return [Send("POST", f"{_secured(at)}/resetroleinheritance")]


@tampers("permissions", "grants")
def _grants(at: At) -> Outcome:
    if at.said("inherit"):
        return Why("while the site's permissions hold, there are none of its own")
    who = at.id("group:Propri%C3%A9taires des risques")
    given = f"addroleassignment(principalid={who},roledefid={at.id('role:Edit')})"
    if at.list == "list:risiken" and "item" not in at.address:
        given = given.replace(at.id("role:Edit"), at.id("role:Contribute"))
    return [Send("POST", f"{_secured(at)}/roleassignments/{given}")]


# -- rows -----------------------------------------------------------------------------------------


@tampers("item", "*")
def _row(at: At) -> Outcome:
    value: Any = at.value
    if isinstance(value, bool):
        value = not value
    elif isinstance(value, int | float):
        value = value + 1
    elif isinstance(value, list | tuple):
        value = {"results": list(value)[:1]}
    elif isinstance(value, dict):
        value = {"Url": "https://example.com/b", "Description": "B"}
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        value = "2027-01-05T00:00:00Z"
    else:
        value = f"{value} neu"
    name = at.path
    kind = at.resources.get(f"{at.list}/column:{name}")
    if kind is not None and kind.properties.get("type") == "choice" and isinstance(value, str):
        value = next(one for one in kind.properties["choices"] if one != at.value)
    return [Send("MERGE", f"{at.home}/items({at.id()})", {name: value})]


# -- pages and navigation -------------------------------------------------------------------------

_SAVED = {
    "title": {"Title": "Autre page"},
    "description": {"Description": "Autre chose"},
    "titleArea": {"LayoutWebpartsContent": "[]"},
    "sections": {"CanvasContent1": "[]"},
}


@tampers("page", "title", "description", "titleArea", "sections", "published")
def _page(at: At) -> Outcome:
    page = f"/_api/sitepages/pages({at.id(attribute='number')})"
    body = _SAVED.get(at.path, {"Title": at.said("title")})
    sends = [Send("POST", f"{page}/checkoutpage"), Send("POST", f"{page}/SavePage", body)]
    return sends if at.path == "published" else [*sends, Send("POST", f"{page}/publish")]


@tampers("page", "home")
def _home(_at: At) -> Outcome:
    return [Send("MERGE", "/_api/web/rootfolder", {"WelcomePage": "SitePages/Home.aspx"})]


@tampers("topNavigation", "title", "link")
@tampers("navigation", "title", "link")
@tampers("topNavigation", "title", "link")
def _link(at: At) -> Outcome:
    node = f"/_api/web/navigation/GetNodeById({at.id()})"
    if at.path == "title":
        return [Send("MERGE", node, {"Title": f"{at.value} 2"})]
    return [Send("MERGE", node, {"Url": "https://elsewhere.example/x", "IsExternal": True})]


@tampers("navigationBar", "order")
def _order(at: At) -> Outcome:
    tops = [one for one in at.value if "/" not in one]
    if len(tops) < 2:
        return Why("a bar with one entry has no order")
    bar = "quicklaunch" if at.address.endswith("quickLaunch") else "topnavigationbar"
    call = f"MoveAfter(nodeId={at.id(tops[0])},previousNodeId={at.id(tops[-1])})"
    return [Send("POST", f"/_api/web/navigation/{bar}/{call}")]


@tampers("navigationBar", "extras")
def _extra(_at: At) -> Outcome:
    body = {"Title": "Autre", "Url": "https://autre.example/", "IsExternal": True}
    return [Send("POST", "/_api/web/navigation/quicklaunch", body)]
