"""One spelling for every SharePoint REST address.

Clients write the same thing in many ways: ``lists/GetByTitle('Risks')``, ``lists(guid'…')``,
``GetList(@v)?@v='/sites/x/Lists/Risks'``, in any case, percent-encoded or not. Route patterns are
written against one normal form, which this module gives:

- the path starts at ``/_api/``; doubled slashes are gone; the site path is given apart;
- a member of a known collection is ``collection(key=value)``, the value percent-encoded:
  ``lists(id=|title=|url=)``, ``fields(id=|name=|title=)``, ``views(id=|title=)``,
  ``contenttypes(id=)``, ``sitegroups(id=|name=)``, ``roledefinitions(id=|name=|type=)``,
  ``siteusers(id=|login=|email=)`` and ``users(…)`` alike; members known by a number alone are
  ``items(7)``, ``roleassignments(12)``, ``quicklaunch(2003)``, ``topnavigationbar(2003)``;
- a function call that ends the path loses its parentheses, and its arguments are given apart,
  lower-case names, "0" and on for positional ones;
- a function call in the middle stays, lower-case: ``getnodebyid(2003)/children``,
  ``getfilebyserverrelativepath(decodedurl=%2Fsites%2Fx%2Fa.pdf)/publish``.

Source of the spellings: "Get to know the SharePoint REST service" and "Determine SharePoint REST
service endpoint URIs" (learn.microsoft.com/sharepoint/dev/sp-add-ins), and what
Office365-REST-Python-Client 3.3.0 and CLI for Microsoft 365 send.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from provisioner.emulator.wire import Call

_TUNNELLED = frozenset({"MERGE", "PATCH", "PUT", "DELETE"})
# Collection -> (name of a bare key that is a GUID or number, name of a bare key that is text).
# An empty name stands for "the value alone".
_BARE_KEYS: dict[str, tuple[str, str]] = {
    "lists": ("id", "title"),
    "fields": ("id", "name"),
    "views": ("id", "title"),
    "contenttypes": ("id", "id"),
    "sitegroups": ("id", "name"),
    "groups": ("id", "name"),
    "roledefinitions": ("id", "name"),
    "roleassignments": ("", ""),
    "roledefinitionbindings": ("id", "name"),
    "siteusers": ("id", "login"),
    "users": ("id", "login"),
    "items": ("", ""),
    "quicklaunch": ("", ""),
    "topnavigationbar": ("", ""),
}

# "collection/method(value)" is the same member as "collection(key=value)".
_MEMBER_METHODS: dict[tuple[str, str], str] = {
    ("lists", "getbyid"): "id",
    ("lists", "getbytitle"): "title",
    ("fields", "getbyid"): "id",
    ("fields", "getbyinternalnameortitle"): "name",
    ("fields", "getbytitle"): "title",
    ("views", "getbyid"): "id",
    ("views", "getbytitle"): "title",
    ("contenttypes", "getbyid"): "id",
    ("sitegroups", "getbyid"): "id",
    ("sitegroups", "getbyname"): "name",
    ("roledefinitions", "getbyid"): "id",
    ("roledefinitions", "getbyname"): "name",
    ("roledefinitions", "getbytype"): "type",
    ("roleassignments", "getbyprincipalid"): "",
    ("siteusers", "getbyid"): "id",
    ("siteusers", "getbyloginname"): "login",
    ("siteusers", "getbyemail"): "email",
    ("users", "getbyid"): "id",
    ("users", "getbyloginname"): "login",
    ("users", "getbyemail"): "email",
    ("items", "getbyid"): "",
    ("quicklaunch", "getbyid"): "",
    ("topnavigationbar", "getbyid"): "",
}

# A function of the web or of a list that is another way to a member.
_SHORTCUTS: dict[str, tuple[str, str]] = {
    "getlist": ("lists", "url"),
    "getuserbyid": ("siteusers", "id"),
    "getitembyid": ("items", ""),
    "getview": ("views", "id"),
}

_GUID = re.compile(r"\{?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\}?", re.IGNORECASE)
_TYPED_LITERAL = re.compile(r"(?:guid|datetime|binary)'(.*)'", re.IGNORECASE | re.DOTALL)
_API_ROOT = re.compile(r"/_api(?=/|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NormalPath:
    """A REST address in normal form: the site, the path from ``/_api`` on, the call's arguments."""

    site_path: str
    path: str
    args: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Segment:
    name: str
    args: dict[str, str] | None

    @property
    def key(self) -> str:
        return self.name.lower()

    def only(self) -> str | None:
        """The single argument's value, however it was named."""
        return next(iter(self.args.values())) if self.args and len(self.args) == 1 else None


def is_rest(path: str) -> bool:
    """Whether a percent-decoded request path is a SharePoint REST address."""
    return _API_ROOT.search(path) is not None


def normalise(raw_path: str, query: Mapping[str, str]) -> NormalPath:
    """Bring any client's spelling to the normal form.

    `raw_path` is the request path, percent-encoded or not; `query` is searched for ``@alias``
    arguments. A path without ``/_api`` is a `ValueError`.
    """
    decoded = unquote(raw_path)
    root = _API_ROOT.search(decoded)
    if root is None:
        raise ValueError(f"{raw_path} has no /_api segment")
    site_path = re.sub(r"/{2,}", "/", decoded[: root.start()]).rstrip("/")
    segments = [_segment(text, query) for text in _split(decoded[root.end() :], "/") if text]
    parts: list[str] = []
    args: dict[str, str] = {}
    index = 0
    while index < len(segments):
        segment = segments[index]
        following = segments[index + 1] if index + 1 < len(segments) else None
        last = index == len(segments) - 1
        index += 1
        if following is not None and segment.args is None:
            key = _MEMBER_METHODS.get((segment.key, following.key))
            value = following.only()
            if key is not None and value is not None:
                parts.append(_member(segment.key, key, value))
                index += 1
                continue
        value = segment.only()
        if segment.key in _SHORTCUTS and value is not None:
            collection, key = _SHORTCUTS[segment.key]
            parts.append(_member(collection, key, value))
        elif segment.key in _BARE_KEYS and value is not None:
            number_key, text_key = _BARE_KEYS[segment.key]
            numeric = value.isdigit() or _GUID.fullmatch(value) is not None
            parts.append(_member(segment.key, number_key if numeric else text_key, value))
        elif segment.key == "rootweb" and parts == ["site"]:
            parts = ["web"]
        elif last:
            parts.append(segment.name)
            args = segment.args or {}
        elif segment.args:
            parts.append(f"{segment.key}({_spelled(segment.args)})")
        else:
            parts.append(segment.name)
    return NormalPath(site_path, "/_api/" + "/".join(parts), args)


def argument(call: Call, name: str, default: Any = None, *, position: int = 0) -> Any:
    """The argument of a function call: from the URL, else from the JSON body, any case.

    `position` is its place among arguments without names; values from the URL are text.
    """
    for key in (name.lower(), str(position)):
        if key in call.args:
            return call.args[key]
    body = call.json()
    if isinstance(body, dict):
        for key, value in body.items():
            if key.lower() == name.lower():
                return value
    return default


def _member(collection: str, key: str, value: str) -> str:
    if key == "id" and (guid := _GUID.fullmatch(value)):
        value = guid.group(1).lower()
    text = quote(value, safe="")
    return f"{collection}({key}={text})" if key else f"{collection}({text})"


def _spelled(args: Mapping[str, str]) -> str:
    return ",".join(
        quote(value, safe="") if key.isdigit() else f"{key}={quote(value, safe='')}"
        for key, value in args.items()
    )


def _segment(text: str, query: Mapping[str, str]) -> _Segment:
    if not text.endswith(")") or "(" not in text:
        return _Segment(text, None)
    name, _, inside = text[:-1].partition("(")
    args: dict[str, str] = {}
    for position, part in enumerate(p for p in _split(inside, ",") if p.strip()):
        key, value = _argument(part.strip())
        if value.startswith("@"):
            value = _alias(value, query)
        args[key.lower() if key else str(position)] = _literal(value)
    return _Segment(name.strip(), args)


def _argument(text: str) -> tuple[str, str]:
    """Split ``name=value``; an equals sign inside quotes belongs to the value."""
    named = re.match(r"([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)\Z", text, re.DOTALL)
    return (named.group(1), named.group(2)) if named else ("", text)


def _alias(name: str, query: Mapping[str, str]) -> str:
    for key, value in query.items():
        if key.lower() == name.lower():
            return value
    return name


def _literal(text: str) -> str:
    text = text.strip()
    typed = _TYPED_LITERAL.fullmatch(text)
    if typed:
        return typed.group(1)
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text


def _split(text: str, separator: str) -> list[str]:
    """Split on a separator that stands outside quotes and, for paths, outside parentheses."""
    parts: list[str] = []
    current: list[str] = []
    quoted = False
    depth = 0
    for char in text:
        if char == "'":
            quoted = not quoted
        elif not quoted and char in "()":
            depth += 1 if char == "(" else -1
        if char == separator and not quoted and depth == 0:
            parts.append("".join(current))
            current = []
        else:
            current.append(char)
    parts.append("".join(current))
    return parts


def address(call: Call, raw_path: str) -> None:
    """Set site, normal path, arguments and the effective method of a REST call."""
    normal = normalise(raw_path, call.query)
    call.site_path, call.path, call.args = normal.site_path, normal.path, normal.args
    tunnelled = call.headers.get("x-http-method") or call.headers.get("x-http-method-override")
    if call.method == "POST" and tunnelled and tunnelled.upper() in _TUNNELLED:
        call.method = tunnelled.upper()
    if call.method == "MERGE":
        call.method = "PATCH"


def options(query: str) -> dict[str, str]:
    """Query parameters; the names of OData options in lower case (``$Select`` is ``$select``)."""
    return {
        name.lower() if name.startswith("$") else name: value
        for name, value in parse_qsl(query, keep_blank_values=True)
    }
