"""Graph's addresses: which paths are Graph's, the version in front, and the query behind."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from provisioner.emulator.wire import Call

_VERSION = re.compile(r"/(v1\.0|beta)(?=/|\Z)", re.IGNORECASE)
# Graph takes these with and without the dollar sign ("Use query parameters",
# learn.microsoft.com/graph/query-parameters); `search` stays, /sites?search= is its own parameter.
_OPTIONS = frozenset({"count", "expand", "filter", "orderby", "select", "skip", "skiptoken", "top"})


def is_graph(path: str) -> bool:
    """Whether a request path is one of Graph's, after doubled slashes are collapsed."""
    return _VERSION.match(re.sub(r"/{2,}", "/", path)) is not None


def address(call: Call, decoded: str) -> None:
    """Set version and path below it from a percent-decoded request path."""
    path = re.sub(r"/{2,}", "/", decoded)
    found = _VERSION.match(path)
    assert found is not None, "the app hands over Graph paths only"
    call.version = found[1].lower()
    call.path = path[found.end() :] or "/"


def options(query: str) -> dict[str, str]:
    """Query parameters, OData options always with their dollar sign and in lower case."""
    result: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        bare = name.removeprefix("$").lower()
        known = bare in _OPTIONS or (name.startswith("$") and bare == "search")
        result[f"${bare}" if known else name] = value
    return result
