"""How somebody else changes each property of each kind, with the requests Microsoft documents.

`TAMPERINGS` has a function for each kind and property, which gives the requests that change this
property of one resource and nothing else, or a `Why` where this one cannot be changed alone. What
nobody can change by a supported request, in no resource, is in `CANNOT` with the reason.
"""

from __future__ import annotations

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
    ("defaultValues", "(url)"): "where the library is, which the library itself is compared by",
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
