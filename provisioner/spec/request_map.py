"""`requests-map.yaml`: how an auditor's request list is read, kept in the client's folder.

```yaml
columns: {Ask: Request, Wanted by: Due}   # their heading: our column
dates: day-first                          # 03/04/2026 is 3 April; or month-first
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import yaml

from provisioner.core.errors import ProvisionerError

FILE_NAME = "requests-map.yaml"
_Order = Literal["", "day-first", "month-first"]
_ORDERS: Mapping[str, _Order] = MappingProxyType(
    {"": "", "day-first": "day-first", "month-first": "month-first"}
)
_HEADING = (
    "# How `provisioner requests import` reads the auditor's list: their heading, our column.\n"
)


@dataclass(frozen=True, slots=True)
class RequestMap:
    """Our column by the auditor's heading, and how days are written there."""

    columns: Mapping[str, str] = field(default_factory=dict)
    dates: _Order = ""


def read_map(folder: Path) -> RequestMap:
    """What is kept in the folder; nothing where there is no such file.

    Raises:
        ProvisionerError: REQUESTS-MAPPING for a file that says something else.
    """
    file = folder / FILE_NAME
    if not file.exists():
        return RequestMap()
    try:
        document = yaml.safe_load(file.read_text("utf-8")) or {}
        columns, dates = document.get("columns") or {}, document.get("dates") or ""
        if dates in _ORDERS and not set(document) - {"columns", "dates"}:
            named = {str(name): str(one) for name, one in columns.items()}
            return RequestMap(named, _ORDERS[dates])
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, TypeError):
        pass
    raise ProvisionerError(
        "REQUESTS-MAPPING",
        f"{file} is no map of headings.",
        hint="It holds `columns`, their heading to our column, and `dates`: day-first or "
        "month-first. Remove it to begin anew.",
    )


def write_map(folder: Path, kept: RequestMap) -> Path:
    """Keep it for the next import."""
    document: dict[str, object] = {"columns": dict(kept.columns)}
    if kept.dates:
        document["dates"] = kept.dates
    file = folder / FILE_NAME
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=96)
    file.write_text(_HEADING + text, "utf-8")
    return file
