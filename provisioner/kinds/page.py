"""Pages of the site: what stands on them, and which page people see first.

```yaml
pages:
  - name: Evidence             # SitePages/Evidence.aspx
    title: Evidence at a glance
    description: Where to file, what is due, and whom to ask.
    home: true
    titleArea: {layout: plain, align: left, textAbove: SOC 2}
    sections:
      - layout: oneThirdRight
        emphasis: soft
        columns:
          - text: |
              ## What to do
              - File a document in the library of its control area.
              - Say **what it covers** and submit it for review.
          - parts:
              - quickLinks:
                  - {title: Needs attention, link: list:evidence-findings/view:Open}
                  - {title: Policies, link: https://policies.example.com/}
                linkLayout: list
              - button: {label: Ask for a waiver, link: list:waivers}
      - {list: risk-register, view: Open}
      - {library: access-control-evidence, commandBar: false}
      - collapsible: {title: In numbers, expanded: false}
        chart: {list: risk-register, label: Title, value: Score, type: pie}
```

A section has one to three columns, or says its parts right away. `layout` is oneColumn, twoColumns,
threeColumns, oneThirdLeft, oneThirdRight, fullWidth (communication sites only) or vertical, which
stands beside all others. `emphasis` is its background, and `collapsible` folds it under a title.

| part | shows |
|---|---|
| text | Markdown (headings, lists, bold, italic, links) or the same in HTML |
| quickLinks | links, drawn as `linkLayout` says |
| list, library | the rows of one, by its default view or the declared `view` |
| chart | a number column of a list as columns or a pie |
| button | one link, made to be pressed |
| image | a picture, with words for those who cannot see it |
| people | people with their pictures |
| divider, spacer | a line, or empty room |

A column says them by their words, in the order of this table; where the order is another, or one
word is needed twice, put them into `parts`. A link is written as in `navigation`. Colours and sizes
that people give to text are theirs. A part we have no word for is drift on a declared page, and
keeps a page out of an import.

SharePoint makes `Home` with every site: call yours something else and say `home: true`, on one page
only. What is left out of a page is people's: its description and its title area. A page is
published when it is made or changed, and goes to the recycle bin when it is pruned. A page that
somebody else has checked out is left alone and named; everything else goes on.

Graph takes text and fourteen web parts and refuses lists, libraries and charts
(learn.microsoft.com/graph/api/sitepage-create), so every page is read and written through SharePoint
REST: created, checked out, saved and published as pnp/cli-microsoft365 does it (spo page add). That
needs no more than the write role of Sites.Selected. Where no page is declared or recorded, none is
read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from provisioner.core.address import SITE, address, split
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Again, Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.page_canvas import (
    canvas,
    sections_found,
    sections_said,
    title_area_found,
    title_area_said,
    title_area_sent,
)
from provisioner.kinds.page_parts import stands_on
from provisioner.kinds.page_spec import Page
from provisioner.kinds.requests import REST_MANAGE, REST_WRITE, encoded, read_rest, rest, rows

_FOLDER = "SitePages/"
ROOT_FOLDER = read_rest("/_api/web/rootfolder?$select=WelcomePage", cost=1, pages=False)
PAGES = read_rest(
    "/_api/sitepages/pages?$select=Id,UniqueId,FileName,Title,Version", absent_ok=True
)
"""Every page of the site, without what stands on it."""
_TAKEN = (
    "Somebody else has the page checked out and left a draft of it. Have them publish it or discard "
    "their changes, or let an owner do so (Site Pages, the page's menu, More, Discard check-out); "
    "then run apply again."
)


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """The page, with what stands on it in normal form."""
    spec = declared.spec
    assert isinstance(spec, Page)
    sections = sections_said(spec.sections, scope)
    properties: dict[str, Any] = {
        "title": spec.title.strip(),
        "sections": sections,
        "published": True,
    }
    if spec.description is not None:
        properties["description"] = spec.description.strip()
    if spec.title_area is not None:
        properties["titleArea"] = title_area_said(spec.title_area)
    if spec.home:
        properties["home"] = True
    parts = [part for section in sections for column in section["columns"] for part in column]
    depends = sorted({one for part in parts for one in stands_on(part)})
    file = f"{spec.name}.aspx"
    return (
        Resource(
            "page",
            address("page", spec.name),
            properties,
            (("file", file),),
            tuple(depends),
            {"file": file},
            declared.where,
        ),
    )


def inventory(scope: Scope) -> Sequence[Reading]:
    """Nothing where no page is declared or recorded: an app may lack the right to read them."""
    return (PAGES, ROOT_FOLDER) if scope.pages else ()


def found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """The pages by their file names; what stands on them comes with the second wave."""
    answer = answers.get(PAGES)
    return [_found(row, scope, known, answers) for row in rows(answer.body)] if answer else ()


def detail(scope: Scope, known: Known) -> Sequence[Reading]:
    """What stands on each page that is asked for."""
    return [_reading(one.ids["number"]) for one in known.values() if _is_asked(one, scope)]


def detail_found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """The pages that are asked for, whole."""
    made = []
    for one in known.values():
        answer = answers.get(_reading(one.ids["number"])) if _is_asked(one, scope) else None
        if answer is not None and answer.status == 200:
            made.append(_found(answer.body, scope, known, answers))
    return made


def _is_asked(one: Any, scope: Scope) -> bool:
    return one.kind == "page" and (one.declared or scope.pages == ("*",))


def _reading(number: str) -> Reading:
    return read_rest(
        f"/_api/sitepages/pages({number})?$select=Id,UniqueId,FileName,Title,Version,Description,"
        "CanvasContent1,LayoutWebpartsContent,IsPageCheckedOutToCurrentUser",
        cost=1,
        pages=False,
        absent_ok=True,
    )


def _found(row: Mapping[str, Any], scope: Scope, known: Known, answers: Answers) -> Found:
    file = str(row.get("FileName") or "")
    root = answers.get(ROOT_FOLDER)
    home = str((root.body or {}).get("WelcomePage") or "") if root is not None else ""
    saved = str(row.get("Version") or "").endswith(".0")
    properties = {
        "title": str(row.get("Title") or "").strip(),
        "description": str(row.get("Description") or "").strip(),
        "titleArea": title_area_found(row.get("LayoutWebpartsContent")),
        "sections": sections_found(row.get("CanvasContent1"), scope, known),
        "published": saved and not row.get("IsPageCheckedOutToCurrentUser"),
        "home": home.strip("/").casefold() == f"{_FOLDER}{file}".casefold(),
    }
    name = file.removesuffix(".aspx")
    ids = {"id": str(row["UniqueId"]).lower(), "number": str(row["Id"]), "file": file}
    builtin = name.casefold() == "home"
    return Found("page", SITE, name, (("file", file),), ids, properties, builtin=builtin)


def operations(change: Change, scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Create or take out, save, publish, and make it the home page.

    Requests as pnp/cli-microsoft365 (spo page add, set, remove) and pnp/pnpjs (clientside-pages)
    send them. What is saved is the whole page: nobody has said what a save keeps that leaves parts
    out.
    """
    own = change.address
    if change.action is Action.DELETE:
        file = change.existing.ids.get("file", "") if change.existing else ""
        path = f"{scope.site_path}/{_FOLDER}{file}".replace("'", "''")
        call = encoded(f"/_api/web/GetFileByServerRelativePath(DecodedUrl='{path}')/recycle()")
        return (_send("POST", call, own, None, f"Recycle {own}", tolerates=(404,)),)
    wanted = change.desired
    if wanted is None:
        return ()
    names = {field.path for field in change.fields}
    made: list[Operation] = []
    if change.action is Action.CREATE:
        names = set(wanted.properties)
        file = wanted.extra["file"]
        body = {"PageLayoutType": "Article", "Name": file, "PromotedState": 0}
        body["Title"] = wanted.properties["title"]
        ids = {"id": "/UniqueId", "number": "/Id"}
        made.append(_send("POST", "/_api/sitepages/pages", own, body, f"Create {own}", ids))
    page = f"/_api/sitepages/pages({ref(own, 'number')})"
    if names - {"home", "published"}:
        made.append(_send("POST", f"{page}/checkoutpage", own, None, f"Check out {own}"))
        saved = _body(wanted, scope)
        made.append(_send("MERGE", f"{page}/SavePage", own, saved, f"Save {own}"))
    if names - {"home"}:
        made.append(_send("POST", f"{page}/publish", own, None, f"Publish {own}"))
    if "home" in names and wanted.properties["home"]:  # another page takes its place, or none
        first = {"WelcomePage": f"{_FOLDER}{wanted.extra['file']}"}
        what = f"The site opens with {own}"
        made.append(rest("MERGE", "/_api/web/rootfolder", own, first, what=what))
    return made


def _body(wanted: Resource, scope: Scope) -> dict[str, Any]:
    said = wanted.properties
    body = {
        "Title": said["title"],
        "CanvasContent1": canvas(said["sections"], scope, wanted.address),
    }
    if "description" in said:
        body["Description"] = said["description"]
    if "titleArea" in said:
        body["LayoutWebpartsContent"] = title_area_sent(said["titleArea"], said["title"])
    return body


def _send(
    method: str,
    path: str,
    own: str,
    body: Any,
    what: str,
    produces: Mapping[str, str] | None = None,
    tolerates: tuple[int, ...] = (),
) -> Operation:
    """A request of one page: pages do not wait for one another."""
    made = rest(
        method,
        path,
        own,
        body,
        what=what,
        permission=REST_WRITE,
        produces=produces,
        tolerates=tolerates,
    )
    return replace(made, scope=own, refused={423: _TAKEN})


def again(own: str, _said: Mapping[str, Any]) -> Again:
    """The file, which is named as the page."""
    file = f"{split(own)[1]}.aspx"
    return Again((("file", file),), {"file": file})


KINDS = (
    Kind(
        name="page",
        title="Page",
        rank=92,
        mounts={"pages[]": Page},
        desired=desired,
        operations=operations,
        again=again,
        inventory=inventory,
        found=found,
        detail=detail,
        detail_found=detail_found,
        recycles=True,
        permissions={
            Action.CREATE: REST_WRITE,
            Action.UPDATE: REST_WRITE,
            Action.DELETE: REST_MANAGE,
        },
    ),
)
