"""Pages of the site: text and quick links, and which page people see first.

```yaml
pages:
  - name: Evidence             # SitePages/Evidence.aspx
    title: Evidence at a glance
    home: true
    sections:
      - columns:
          - text: |
              ## What to do
              - File a document in the library of its control area.
              - Say **what it covers** and submit it for review.
          - quickLinks:
              - {title: Needs attention, link: library:access-control-evidence}
              - {title: Risks, link: list:risk-register}
              - {title: Policies, link: https://policies.example.com/}
```

A section has one to three columns of the same width. `text` is Markdown (headings, lists, bold,
italic, links) or the same in HTML; colours and sizes that people give it are theirs. A link is
written as in `navigation`. Quick links come after the text of their column.

Pages are made with Graph, which takes text and a few web parts and no list, library or chart; a
page with such parts is made by people, and differs from a declared page. SharePoint makes `Home`
with every site: call yours something else and say `home: true`. A page is published when it is
made or changed.

Microsoft documents Sites.Read.All for reading pages and Sites.ReadWrite.All for writing them, and
says nothing of Sites.Selected there. Where no page is declared, none is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, field_validator, model_validator

from provisioner.core.address import SITE, address
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.navigation import check_link, link_said
from provisioner.kinds.page_parts import Section, canvas_of, sections_of
from provisioner.kinds.page_text import normal
from provisioner.kinds.requests import (
    GRAPH_READ,
    GRAPH_WRITE,
    REST_MANAGE,
    graph,
    graph_site,
    read_rest,
    rest,
    rows,
)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,119}")
_CAST = "microsoft.graph.sitePage"
_TYPE = f"#{_CAST}"
_FOLDER = "SitePages/"
ROOT_FOLDER = read_rest("/_api/web/rootfolder?$select=WelcomePage", cost=1, pages=False)


class QuickLink(SpecModel):
    """A link to click."""

    title: str = Field(min_length=1, max_length=255, description="The words people click.")
    link: str = Field(description="library:<key>, list:<key>, a path or an address.")

    @field_validator("link")
    @classmethod
    def _leads_somewhere(cls, value: str) -> str:
        return check_link(value)


class Column(SpecModel):
    """A column of a section."""

    text: str | None = Field(default=None, description="Markdown, or HTML that begins with a tag.")
    quick_links: tuple[QuickLink, ...] = Field(default=(), description="Links below the text.")


class PageSection(SpecModel):
    """A row of the page."""

    columns: tuple[Column, ...] = Field(
        min_length=1, max_length=3, description="One to three columns of the same width."
    )

    @model_validator(mode="after")
    def _holds_something(self) -> PageSection:
        if not any(normal(one.text or "") or one.quick_links for one in self.columns):
            raise ValueError("A section holds text or quick links in at least one column.")
        return self


class Page(SpecModel):
    """A page of the site."""

    name: str = Field(description="Its file name without `.aspx`.")
    title: str = Field(min_length=1, max_length=255, description="The title people see.")
    home: bool = Field(default=False, description="Whether it is what the site opens with.")
    sections: tuple[PageSection, ...] = Field(default=(), description="What stands on it.")

    @field_validator("name")
    @classmethod
    def _is_free(cls, value: str) -> str:
        if not _NAME.fullmatch(value):
            raise ValueError(
                f"{value} cannot be a page's name: use letters, digits, spaces, - and _, "
                "without .aspx."
            )
        if value.casefold() == "home":
            raise ValueError(
                "SharePoint makes Home with every site; give yours another name, and `home: true`."
            )
        return value


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """The page, with what stands on it in normal form."""
    spec = declared.spec
    assert isinstance(spec, Page)
    sections: list[Section] = [
        [_column(column, scope) for column in section.columns] for section in spec.sections
    ]
    properties: dict[str, Any] = {
        "title": spec.title.strip(),
        "sections": sections,
        "published": True,
    }
    if spec.home:
        properties["home"] = True
    links = {
        one["link"]
        for section in sections
        for column in section
        for part in column
        for one in part.get("quickLinks", ())
        if one["link"].startswith("list:")
    }
    file = f"{spec.name}.aspx"
    return (
        Resource(
            "page",
            address("page", spec.name),
            properties,
            (("file", file),),
            tuple(sorted(links)),
            {"file": file},
            declared.where,
        ),
    )


def _column(column: Column, scope: Scope) -> list[dict[str, Any]]:
    text = normal(column.text or "")
    made: list[dict[str, Any]] = [{"text": text}] if text else []
    if column.quick_links:
        links = [
            {"title": one.title.strip(), "link": link_said(one.link, scope)}
            for one in column.quick_links
        ]
        made.append({"quickLinks": links})
    return made


def pages_reading(scope: Scope) -> Reading:
    """Every page of the site, without what stands on it.

    learn.microsoft.com/graph/api/basesitepage-list.
    """
    return Reading(
        "graph",
        f"/sites/{scope.hostname}:{scope.site_path}:/pages/{_CAST}",
        absent_ok=True,
        permission=GRAPH_READ,
    )


def inventory(scope: Scope) -> Sequence[Reading]:
    """Nothing where no page is declared: an app may lack the right to read them."""
    return (pages_reading(scope), ROOT_FOLDER) if scope.pages else ()


def found(scope: Scope, _known: Known, answers: Answers) -> Sequence[Found]:
    """The pages by their file names; what stands on them comes with the second wave."""
    answer = answers.get(pages_reading(scope))
    return [_found(row, scope, {}, {}, answers) for row in rows(answer.body)] if answer else ()


def detail(scope: Scope, known: Known) -> Sequence[Reading]:
    """What stands on each page that is asked for."""
    return [
        _reading(known[SITE].ids["id"], one.ids["id"])
        for one in known.values()
        if _is_asked(one, scope)
    ]


def detail_found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """Those pages again, whole."""
    made = []
    for one in known.values():
        if _is_asked(one, scope):
            answer = answers.get(_reading(known[SITE].ids["id"], one.ids["id"]))
            if answer is not None and isinstance(answer.body, dict):
                canvas = answer.body.get("canvasLayout") or {}
                made.append(_found(answer.body, scope, known, canvas, answers))
    return made


def _is_asked(one: Any, scope: Scope) -> bool:
    return one.kind == "page" and (one.declared or scope.pages == ("*",))


def _reading(site_id: str, page_id: str) -> Reading:
    """learn.microsoft.com/graph/api/sitepage-get."""
    return Reading(
        "graph",
        f"/sites/{site_id}/pages/{page_id}/{_CAST}?$expand=canvasLayout",
        cost=1,
        pages=False,
        absent_ok=True,
        permission=GRAPH_READ,
    )


def _found(
    row: Mapping[str, Any], scope: Scope, known: Known, canvas: Mapping[str, Any], answers: Answers
) -> Found:
    file = str(row.get("name") or "")
    root = answers.get(ROOT_FOLDER)
    home = str((root.body or {}).get("WelcomePage") or "") if root is not None else ""
    state = row.get("publishingState") or {}
    properties = {
        "title": str(row.get("title") or "").strip(),
        "sections": sections_of(canvas, scope, known),
        "published": state.get("level") == "published",
        "home": home.strip("/").casefold() == f"{_FOLDER}{file}".casefold(),
    }
    name = file.removesuffix(".aspx")
    return Found(
        "page",
        SITE,
        name,
        (("file", file),),
        {"id": str(row["id"])},
        properties,
        builtin=name.casefold() == "home",
    )


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Create or change, publish, and make it the home page.

    learn.microsoft.com/graph/api/ sitepage-create, sitepage-update, sitepage-publish; the home page
    as pnp/cli-microsoft365 sets it (spo page add).
    """
    own = change.address
    home, page = f"{graph_site()}/pages", f"{graph_site()}/pages/{ref(own)}"
    if change.action is Action.DELETE:
        return (
            graph(
                "DELETE",
                page,
                own,
                what=f"Delete {own}",
                permission=GRAPH_WRITE,
                tolerates=(404,),
                scope="site",
            ),
        )
    wanted = change.desired
    if wanted is None:
        return ()
    said = wanted.properties
    body: dict[str, Any] = {"@odata.type": _TYPE}
    made: list[Operation] = []
    if change.action is Action.CREATE:
        body |= {
            "name": wanted.extra["file"],
            "title": said["title"],
            "pageLayout": "article",
            "canvasLayout": canvas_of(said["sections"]),
        }
        made.append(_graph("POST", home, own, body, f"Create {own}", {"id": "/id"}))
        names = {"published", "home"} if said.get("home") else {"published"}
    else:
        names = {field.path for field in change.fields}
        body |= {"title": said["title"]} if "title" in names else {}
        body |= {"canvasLayout": canvas_of(said["sections"])} if "sections" in names else {}
        if len(body) > 1:
            made.append(_graph("PATCH", f"{page}/{_CAST}", own, body, f"Update {own}"))
            names.add("published")
    if "published" in names:
        made.append(_graph("POST", f"{page}/{_CAST}/publish", own, None, f"Publish {own}"))
    if "home" in names:
        first = {"WelcomePage": f"{_FOLDER}{wanted.extra['file']}"}
        made.append(
            rest(
                "MERGE",
                "/_api/web/rootfolder",
                own,
                first,
                permission=REST_MANAGE,
                what=f"The site opens with {own}",
            )
        )
    return made


def _graph(
    method: str,
    path: str,
    own: str,
    body: Any,
    what: str,
    produces: Mapping[str, str] | None = None,
) -> Operation:
    return graph(
        method, path, own, body, what=what, permission=GRAPH_WRITE, produces=produces, scope="site"
    )


KINDS = (
    Kind(
        name="page",
        title="Page",
        rank=92,
        mounts={"pages[]": Page},
        desired=desired,
        operations=operations,
        inventory=inventory,
        found=found,
        detail=detail,
        detail_found=detail_found,
        recycles=True,
        permissions={
            Action.CREATE: GRAPH_WRITE,
            Action.UPDATE: GRAPH_WRITE,
            Action.DELETE: GRAPH_WRITE,
        },
    ),
)
