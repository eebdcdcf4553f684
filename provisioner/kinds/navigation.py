"""The site's navigation: the links on the left, or on top in a communication site.

```yaml
navigation:
  - {title: Access control, link: library:access-control-evidence}
  - title: Registers
    children:
      - {title: Risks, link: list:risk-register}
      - {title: Overdue, link: list:risk-register/view:Overdue}
      - {title: Policy portal, link: https://policies.example.com/}
  - {title: Help, link: page:Help}
topNavigation:
  - {title: Security, link: https://contoso.sharepoint.com/sites/security}
```

A link is `library:<key>` or `list:<key>` of this file, `list:<key>/view:<name>` or `page:<name>`, a
path on the site's host such as `/sites/acme/SitePages/Help.aspx`, or an address elsewhere. Without
one the entry is a heading. There are three levels. Entries are known by where they lead, so a title
may change; a heading is known by its title, and says its old ones in `renamedFrom`.

`topNavigation` is the bar on top of a team site. Both bars keep the order of the file. Entries that
people add are theirs, unless `navigationOwnership: exact`. Where people made another entry that leads
to the same place, ours is the one we recorded; where none is recorded, the one of the same title,
else the first.

Whether a link opens in a new tab cannot be said: SharePoint keeps it in a state of the whole menu
that Microsoft does not document (`SaveMenuState`). Audiences are people's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from provisioner.core.address import SITE, address, parent_of
from provisioner.core.resource import Action, Change, Existing, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Again, Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.links import (
    link_found,
    link_plain,
    link_said,
    link_sent,
    link_targets,
    parts_of,
    stands_on,
)
from provisioner.kinds.navigation_bar import bar_resource
from provisioner.kinds.navigation_parts import OWNERSHIP, QUICK, TOP, Bar, Entry
from provisioner.kinds.requests import REST_MANAGE, rest


def desired(declared: Declared, scope: Scope, bar: Bar = QUICK) -> Sequence[Resource]:
    """The entry and those below it; with the first, the order of them all."""
    spec = declared.spec
    assert isinstance(spec, Entry)
    made = _resources(spec, bar, "", declared, scope)
    if declared.position == 0 and bar.kind in scope.navigation:
        made.append(bar_resource(bar, scope, declared.where))
    return made


def _resources(spec: Any, bar: Bar, above: str, declared: Declared, scope: Scope) -> list[Resource]:
    own = address(bar.kind, spec.title, above)
    link = link_said(spec.link, scope)
    # Headings all lead to the same place, so only their titles tell them apart.
    titles = [("heading", title) for title in (spec.title, *spec.renamed_from)]
    keys = (("link", link),) if link else tuple(titles)
    said = {"title": spec.title, "link": link}
    made = [Resource(bar.kind, own, said, keys, _stands_on(link), where=declared.where)]
    for child in getattr(spec, "children", ()):
        made += _resources(child, bar, own, declared, scope)
    return made


def inventory(scope: Scope, bar: Bar = QUICK) -> Sequence[Reading]:
    """The whole bar, three levels of it."""
    return (bar.reading,) if bar.is_read(scope) else ()


def found(scope: Scope, known: Known, answers: Answers, bar: Bar = QUICK) -> Sequence[Found]:
    """The top entries, but for those that lead to a view: views are not known yet.

    Lists and pages are matched before these, so links to them are recognised.
    """
    return [one for one in _tops(bar, scope, known, answers) if not _inside_a_list(one, known)]


def detail_found(scope: Scope, known: Known, answers: Answers, bar: Bar = QUICK) -> Sequence[Found]:
    """The top entries that lead to views, and those below the others."""
    places = _places(bar, known)
    late = [one for one in _tops(bar, scope, known, answers) if one.ids["id"] not in places]
    return [*late, *_level(1, bar, scope, known, answers, places)]


def last_found(scope: Scope, known: Known, answers: Answers, bar: Bar = QUICK) -> Sequence[Found]:
    """What is left below entries that are known by now."""
    places = _places(bar, known)
    below = [one for level in (1, 2) for one in _level(level, bar, scope, known, answers, places)]
    return [one for one in below if one.ids["id"] not in places]


def _tops(bar: Bar, scope: Scope, known: Known, answers: Answers) -> list[Found]:
    targets = link_targets(known, scope)
    return [
        _found(node, place, bar, SITE, scope, known, targets)
        for place, node in enumerate(bar.tops(answers))
    ]


def _places(bar: Bar, known: Known) -> dict[str, str]:
    """The address of each node that is known, by its number."""
    return {one.ids["id"]: one.address for one in known.values() if one.kind == bar.kind}


def _level(
    wanted: int,
    bar: Bar,
    scope: Scope,
    known: Known,
    answers: Answers,
    places: Mapping[str, str],
) -> list[Found]:
    targets = link_targets(known, scope)
    return [
        _found(node, place, bar, places[above], scope, known, targets)
        for place, (level, above, node) in enumerate(bar.nodes(answers))
        if level == wanted and above in places
    ]


def _inside_a_list(one: Found, known: Known) -> bool:
    path = str(one.properties["link"]).partition("?")[0].lower()
    urls = [each.ids.get("url", "").lower() for each in known.values() if each.kind == "list"]
    return path.endswith(".aspx") and any(url and path.startswith(f"{url}/") for url in urls)


def _found(
    node: Mapping[str, Any],
    place: int,
    bar: Bar,
    parent: str,
    scope: Scope,
    known: Known,
    targets: Mapping[str, str],
) -> Found:
    """An entry. `place` grows from one to the next of a level: entries are found in several waves."""
    path, title = link_plain(str(node.get("Url") or ""), scope.hostname), str(node["Title"])
    link = link_found(path, targets)
    keys = tuple(("link", one) for one in dict.fromkeys((link, path)) if one)
    # What is not wanted at all is said of the bar, and not of each entry again.
    target = known.get(link.partition("/")[0])  # the list, where it is a view of it
    builtin = OWNERSHIP in scope.navigation or _is_quick_launch(target, title)
    own = {"id": str(node["Id"]), "path": path, "place": str(place)}
    said = {"title": title, "link": link}
    return Found(bar.kind, parent, title, keys or (("heading", title),), own, said, builtin=builtin)


def seen(wanted: Resource, existing: Existing) -> Mapping[str, Any]:
    """What is there; the file may write the path of a view or page instead of its word."""
    path = str(wanted.properties["link"])
    if path.startswith("/") and path.casefold() == existing.ids.get("path", "").casefold():
        return {**existing.properties, "link": path}
    return existing.properties


def _is_quick_launch(target: Existing | None, title: str) -> bool:
    """Whether SharePoint itself lists the list there: that is the list's own setting."""
    return (
        target is not None
        and bool(target.properties.get("quickLaunch"))
        and target.properties.get("title") == title
    )


def again(_own: str, said: Mapping[str, Any]) -> Again:
    """Where it leads to; a heading is known by its title."""
    link = str(said.get("link") or "")
    key = ("link", link) if link else ("heading", str(said.get("title") or ""))
    return Again((key,), depends=_stands_on(link))


def _stands_on(link: str) -> tuple[str, ...]:
    return (*stands_on(link), *((link,) if link.startswith("page:") else ()))


def operations(
    change: Change, scope: Scope, _can: Capabilities, bar: Bar = QUICK
) -> Sequence[Operation]:
    """Bodies as pnp/cli-microsoft365 sends them (spo navigation node)."""
    own = change.address
    node = f"/_api/web/navigation/GetNodeById({ref(own)})"
    if change.action is Action.DELETE:
        return (rest("DELETE", node, own, tolerates=(404,), what=f"Delete {own}"),)
    wanted = change.desired
    if wanted is None:
        return ()
    link = str(wanted.properties["link"])
    where = {"Url": link_sent(link, scope), "IsExternal": _is_external(link, scope)}
    if change.action is Action.CREATE:
        above = parent_of(own)
        home = (
            f"/_api/web/navigation/{bar.path}"
            if above == SITE
            else f"/_api/web/navigation/GetNodeById({ref(above)})/Children"
        )
        body = {"Title": wanted.properties["title"], **where}
        made = rest("POST", home, own, body, produces={"id": "/Id"}, what=f"Create {own}")
        return (replace(made, in_order=True),)  # it comes to stand behind those that are there
    names = {field.path for field in change.fields}
    body = {"Title": wanted.properties["title"]} if "title" in names else {}
    body |= where if "link" in names else {}
    return (rest("MERGE", node, own, body, what=f"Update {own}"),) if body else ()


def _is_external(link: str, scope: Scope) -> bool:
    parts = parts_of(link)
    elsewhere = parts is None or parts.netloc.lower() != scope.hostname.lower()
    return not link or ("://" in link and elsewhere)


def _kind(bar: Bar, title: str) -> Kind:
    return Kind(
        name=bar.kind,
        title=title,
        rank=95,
        mounts={f"{bar.kind}[]": Entry},
        desired=partial(desired, bar=bar),
        operations=partial(operations, bar=bar),
        again=again,
        inventory=partial(inventory, bar=bar),
        found=partial(found, bar=bar),
        detail_found=partial(detail_found, bar=bar),
        last_found=partial(last_found, bar=bar),
        seen=seen,
        permissions={
            Action.CREATE: REST_MANAGE,
            Action.UPDATE: REST_MANAGE,
            Action.DELETE: REST_MANAGE,
        },
    )


KINDS = (_kind(QUICK, "Navigation entry"), _kind(TOP, "Entry of the top navigation"))
