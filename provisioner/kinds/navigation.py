"""The site's navigation: the links on the left, or on top in a communication site.

```yaml
navigation:
  - {title: Access control, link: library:access-control-evidence}
  - title: Registers
    children:
      - {title: Risks, link: list:risk-register}
      - {title: Policy portal, link: https://policies.example.com/}
```

A link is `library:<key>` or `list:<key>` of this file, a path on the site's host such as
`/sites/acme/SitePages/Help.aspx`, or an address elsewhere. Without one the entry is a heading.
Entries are known by where they lead, so a title may change. New ones are put at the end; entries
that people add, and their order, are theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import Field, field_validator

from provisioner.core.address import SITE, address, parent_of
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.requests import REST_MANAGE, many, read_rest, rest, rows

HEADING = "http://linkless.header/"
"""SharePoint's address for an entry that leads nowhere (github.com/pnp/cli-microsoft365,
navigation-node-add)."""
QUICK_LAUNCH = read_rest(
    "/_api/web/navigation/quicklaunch?$select=Id,Title,Url,Children/Id,Children/Title,Children/Url"
    "&$expand=Children"
)
_OURS = ("library:", "list:")


def check_link(value: str) -> str:
    """The link. Raises `ValueError` with a sentence for what leads nowhere."""
    if value.startswith((*_OURS, "/", "https://", "http://")):
        return value
    raise ValueError("Write library:<key>, list:<key>, a path such as /sites/a, or https://….")


class _Entry(SpecModel):
    title: str = Field(min_length=1, max_length=255, description="The words people click.")
    link: str | None = Field(
        default=None,
        description="Where it leads: library:<key>, list:<key>, a path or an address. None: a "
        "heading.",
    )

    @field_validator("link")
    @classmethod
    def _leads_somewhere(cls, value: str | None) -> str | None:
        return value if value is None else check_link(value)


class SubEntry(_Entry):
    """An entry below another."""


class Entry(_Entry):
    """An entry of the navigation."""

    children: tuple[SubEntry, ...] = Field(default=(), description="Entries below it.")


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """The entry and those below it."""
    spec = declared.spec
    assert isinstance(spec, Entry)
    own = address("navigation", spec.title)
    top = _resource(spec, own, declared, scope)
    below = [
        _resource(child, address("navigation", child.title, own), declared, scope)
        for child in spec.children
    ]
    return (top, *below)


def _resource(spec: _Entry, own: str, declared: Declared, scope: Scope) -> Resource:
    link = link_said(spec.link, scope)
    depends = (link,) if link.startswith("list:") else ()
    # Headings all lead to the same place, so only their title tells them apart.
    keys = (("link", link),) if link else (("title", spec.title),)
    return Resource(
        "navigation", own, {"title": spec.title, "link": link}, keys, depends, where=declared.where
    )


def link_said(said: str | None, scope: Scope) -> str:
    """A link in the one form that is compared: `list:<key>`, a path, an address, or nothing."""
    if said is None:
        return ""
    for word in _OURS:
        if said.startswith(word):
            return address("list", said.removeprefix(word))
    return link_plain(said, scope.hostname)


def link_plain(url: str, hostname: str) -> str:
    """A link without the site's own host, escapes and a closing slash."""
    if url.rstrip("/") == HEADING.rstrip("/"):
        return ""
    parts = urlsplit(url)
    if parts.netloc and parts.netloc.lower() != hostname.lower():
        return url.rstrip("/")
    path = unquote(parts.path).rstrip("/") or "/"
    return f"{path}?{parts.query}" if parts.query else path


def inventory(_scope: Scope) -> Sequence[Reading]:
    """The whole navigation, two levels of it."""
    return (QUICK_LAUNCH,)


def found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """The top entries. Lists are matched before these, so links to them are recognised."""
    return [_found(row, SITE, scope, known) for row in _tops(answers)]


def detail_found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """The entries below those that are known by now."""
    tops = {one.ids["id"]: one.address for one in known.values() if _is_top(one)}
    return [
        _found(child, tops[str(row["Id"])], scope, known)
        for row in _tops(answers)
        if str(row["Id"]) in tops
        for child in many(row.get("Children"))
    ]


def _tops(answers: Answers) -> list[dict[str, Any]]:
    answer = answers.get(QUICK_LAUNCH)
    return rows(answer.body) if answer is not None else []


def _is_top(one: Any) -> bool:
    return bool(one.kind == "navigation" and parent_of(one.address) == SITE)


def _found(row: Mapping[str, Any], parent: str, scope: Scope, known: Known) -> Found:
    link, title = link_plain(str(row.get("Url") or ""), scope.hostname), str(row["Title"])
    link = link_found(link, known)
    keys = (("link", link),) if link else (("title", title),)
    return Found(
        "navigation", parent, title, keys, {"id": str(row["Id"])}, {"title": title, "link": link}
    )


def link_found(link: str, known: Known) -> str:
    """A link as found, named by the declared list that it leads to, where it leads to one."""
    lists = {
        one.ids["url"].lower(): one.address
        for one in known.values()
        if one.kind == "list" and one.declared and one.ids.get("url")
    }
    path = link.partition("?")[0].lower()
    return next((own for url, own in lists.items() if _is_list_page(path, url)), link)


def _is_list_page(path: str, url: str) -> bool:
    """Whether a path is a list, or the first view SharePoint opens for it."""
    return path in {url, f"{url}/allitems.aspx", f"{url}/forms/allitems.aspx"}


def operations(change: Change, scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Bodies as pnp/cli-microsoft365 sends them (spo navigation node)."""
    own = change.address
    node = f"/_api/web/navigation/GetNodeById({ref(own)})"
    if change.action is Action.DELETE:
        return (rest("DELETE", node, own, tolerates=(404,), what=f"Delete {own}"),)
    wanted = change.desired
    if wanted is None:
        return ()
    link = str(wanted.properties["link"])
    where = {"Url": link_sent(link), "IsExternal": _is_external(link, scope)}
    if change.action is Action.CREATE:
        above = parent_of(own)
        home = (
            "/_api/web/navigation/quicklaunch"
            if above == SITE
            else f"/_api/web/navigation/GetNodeById({ref(above)})/Children"
        )
        body = {"Title": wanted.properties["title"], **where}
        return (rest("POST", home, own, body, produces={"id": "/Id"}, what=f"Create {own}"),)
    names = {field.path for field in change.fields}
    body = {"Title": wanted.properties["title"]} if "title" in names else {}
    body |= where if "link" in names else {}
    return (rest("MERGE", node, own, body, what=f"Update {own}"),) if body else ()


def link_sent(link: str) -> str:
    """A link as SharePoint takes it; that of a list is filled in once the list is there."""
    if not link:
        return HEADING
    return ref(link, "url") if link.startswith("list:") else link


def _is_external(link: str, scope: Scope) -> bool:
    return not link or ("://" in link and urlsplit(link).netloc.lower() != scope.hostname.lower())


KINDS = (
    Kind(
        name="navigation",
        title="Navigation entry",
        rank=95,
        mounts={"navigation[]": Entry},
        desired=desired,
        operations=operations,
        inventory=inventory,
        found=found,
        detail_found=detail_found,
        permissions={
            Action.CREATE: REST_MANAGE,
            Action.UPDATE: REST_MANAGE,
            Action.DELETE: REST_MANAGE,
        },
    ),
)
