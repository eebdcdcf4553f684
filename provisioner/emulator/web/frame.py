"""What every page has around it: the bar, the quick launch, where you are, and the rules for browsers.

The pages are whole without scripts, and the policy lets none run; the style is the one whose digest
the policy names.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from sqlite3 import Row
from urllib.parse import unquote, urlsplit

from starlette.responses import HTMLResponse, Response

from provisioner.emulator.model import navigation
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.markup import Markup, Part, address, link, outside, tag, text
from provisioner.emulator.web.visitor import Visitor

Crumb = tuple[str, str]
"""What stands in the path to a page, and its address."""


@cache
def style() -> Markup:
    """The style sheet, as it stands in every page."""
    return Markup((files("provisioner.emulator.web") / "style.css").read_text("utf-8"))


@cache
def policy() -> str:
    """The Content-Security-Policy: nothing may be loaded or run, and this style may be used."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


def page(
    title: str,
    *parts: Part,
    visitor: Visitor,
    launch: Markup | None = None,
    site: Row | None = None,
    crumbs: Sequence[Crumb] = (),
    status: int = 200,
) -> Response:
    """A whole page for a visitor: `parts` below the heading, `launch` beside it."""
    home = link(address(site["path"]), site["title"]) if site else link("/", "Sites")
    whole = site["title"] if site and site["title"] != title else None
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title, f" - {whole}" if whole else None),
        tag("style", style()),
    )
    body = tag(
        "body",
        link("#main", "Skip to the content", class_="skip"),
        tag("header", home, _person(visitor), class_="bar"),
        tag(
            "div",
            launch,
            tag("main", _crumbs(crumbs), tag("h1", title), *parts, id="main"),
            class_="frame" if launch else "frame alone",
        ),
    )
    return HTMLResponse(
        "<!doctype html>" + tag("html", head, body, lang="en"),
        status,
        headers={
            "Content-Security-Policy": policy(),
            "X-Content-Type-Options": "nosniff",
            # With "no-referrer" a browser says Origin: null of our own forms.
            "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store",
        },
    )


def _person(visitor: Visitor) -> Markup:
    if not visitor:
        said: Part = link(address("/signin", then=visitor.here), "Sign in")
        return tag("div", "Emulated tenant. To work here: ", said, class_="note")
    back = tag("input", type="hidden", name="then", value=visitor.here)
    leave = tag("form", back, tag("button", "Sign out"), method="post", action="/signout")
    return tag("div", tag("span", "Signed in as ", visitor.name), leave, class_="note")


def refused(visitor: Visitor, *, site: Row, launch: Markup | None = None) -> Response:
    """The page for what the person may not see or do."""
    who = visitor.name or "Whoever is not signed in"
    return page(
        "You need permission for this",
        tag("p", who, " may not do this here. An owner of the site can allow it."),
        tag("p", link(address(site["path"]), f"Go to {site['title']}"), "."),
        visitor=visitor,
        site=site,
        launch=launch,
        status=403,
    )


def not_found(
    path: str, *, visitor: Visitor, site: Row | None = None, launch: Markup | None = None
) -> Response:
    """The page for an address with nothing behind it."""
    back = address(site["path"]) if site else "/"
    return page(
        "There is nothing here",
        tag("p", "No site, list, item or file has the address ", tag("code", path), "."),
        tag(
            "p",
            "It may have been renamed or deleted, or the address was cut short when it was copied. ",
            link(back, f"Go to {site['title']}" if site else "See all sites"),
            ".",
        ),
        visitor=visitor,
        site=site,
        launch=launch,
        status=404,
    )


def quick_launch(tenant: Tenant, site: Row, here: str) -> Markup:
    """The site's navigation; `here` is the address of what is shown, to mark it."""
    nodes = _nodes(tenant, site, 0, here)
    return tag("nav", nodes, class_="launch", aria_label="Quick launch")


def _nodes(tenant: Tenant, site: Row, parent: int, here: str) -> Markup | None:
    rows = navigation.children(tenant, site["id"], "quicklaunch", parent)
    if not rows:
        return None
    return tag(
        "ul",
        [tag("li", _node(row, here), _nodes(tenant, site, int(row["id"]), here)) for row in rows],
    )


def _node(row: Row, here: str) -> Markup:
    url = str(row["url"])
    if row["external"] or urlsplit(url).scheme:
        safe = outside(url)
        return link(safe, row["title"]) if safe else tag("span", row["title"])
    path, _, query = url.partition("?")
    path = unquote(path)
    target = address(path) + (f"?{query}" if query else "")
    inside = path.partition("/Forms/")[0].rstrip("/").lower()
    return link(target, row["title"], current="page" if inside == here.lower() else None)


def _crumbs(crumbs: Sequence[Crumb]) -> Markup | None:
    if not crumbs:
        return None
    places = tag("ol", [tag("li", link(href, name)) for name, href in crumbs])
    return tag("nav", places, class_="crumbs", aria_label="You are in")


def region(label: str, *parts: Part) -> Markup:
    """A part that scrolls sideways where it is wider than the window, by keyboard too."""
    return tag(
        "div",
        *parts,
        class_="card scroll",
        role="region",
        aria_label=label,
        tabindex=0,
    )


def told(*parts: Part) -> Markup:
    """Something the reader should know about what is shown."""
    return tag("p", text(parts), class_="told", role="note")
