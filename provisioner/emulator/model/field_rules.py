"""What SharePoint accepts as a column: names, indexes, unique values and formulas.

Each rule raises `Refusal` 400 in Microsoft's words where they are known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from provisioner.emulator.model.builtin_fields import RESERVED_NAMES
from provisioner.emulator.wire import Refusal

MAX_INDEXES = 20
MAX_INTERNAL_NAME = 32
INDEXABLE = frozenset(
    {
        "Text",
        "Choice",
        "Number",
        "Currency",
        "DateTime",
        "Boolean",
        "User",
        "Lookup",
        "Integer",
    }
)
UNIQUE = INDEXABLE - {"Boolean"}
MULTIPLE = frozenset({"MultiChoice", "LookupMulti", "UserMulti", "TaxonomyFieldTypeMulti"})
_FORMULA_TYPES = frozenset(
    {
        "Text",
        "Choice",
        "Number",
        "Currency",
        "DateTime",
        "Boolean",
        "Calculated",
        "Counter",
        "Integer",
    }
)
_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+\Z")
_TOKEN = re.compile(
    r'"(?:[^"]|"")*"|\[[^\]]+\]|\d+(?:\.\d+)?|[^\W\d]\w*(?=\s*\()|[^\W\d]\w*|\s+|.', re.DOTALL
)
_WORD = re.compile(r"[^\W\d]\w*\Z")


def _bad(message: str) -> Refusal:
    return Refusal(
        400, "invalidRequest", message, rest_code="-2130575273, Microsoft.SharePoint.SPException"
    )


def escape_name(name: str) -> str:
    """A name as SharePoint writes it in the schema: ``Control Area`` -> ``Control_x0020_Area``.

    Every character but ASCII letters, digits and ``_`` becomes ``_xHHHH_``, a leading digit too,
    and the result is cut at 32 characters.
    """
    escaped = "".join(
        c if c == "_" or (c.isascii() and c.isalnum()) else f"_x{ord(c):04x}_" for c in name
    )
    if escaped[:1].isdigit():
        escaped = f"_x{ord(escaped[0]):04x}_" + escaped[1:]
    return escaped[:MAX_INTERNAL_NAME]


def check_graph_name(name: str, *, reserved: bool = True) -> None:
    """Refuse a column name Graph does not take.

    Rules from SharePoint/sp-dev-docs, docs/embedded/build/container-metadata.md: no ``!``, no
    leading digit or punctuation, not like a cell reference, not true or false, not reserved.
    """
    if not name.strip():
        raise _bad("The column name is empty.")
    if "!" in name or not (name[0].isalpha() or name[0] == "_"):
        raise _bad(f"The column name '{name}' is not valid.")
    if _CELL.match(name):
        raise _bad(f"The column name '{name}' looks like a cell reference.")
    if name.lower() in ("true", "false"):
        raise _bad(f"The column name '{name}' is not valid.")
    if reserved and name.lower() in RESERVED_NAMES:
        raise _bad(f"The column name '{name}' is reserved.")


def check_index(
    field_type: str, *, indexed: bool, unique: bool, already: int, was_indexed: bool = False
) -> None:
    """Refuse an index or unique values the type or the list cannot have.

    At most 20 indexes a list; multi-valued, note, calculated and hyperlink columns have none, and
    unique values need an index (SharePoint/sp-dev-docs, docs/schema/field-element-field.md).
    `already` counts the list's other indexed columns.
    """
    if indexed and field_type not in INDEXABLE:
        raise _bad("This column cannot be indexed.")
    if unique and field_type not in UNIQUE:
        raise _bad("This column type cannot enforce unique values.")
    if unique and not indexed:
        raise _bad("To enforce unique values, the column must be indexed.")
    if indexed and not was_indexed and already >= MAX_INDEXES:
        raise Refusal(
            400,
            "invalidRequest",
            f"The maximum number of columns ({MAX_INDEXES}) are already indexed.",
            rest_code="-2147467259, Microsoft.SharePoint.SPException",
        )


def check_relationship(
    field_type: str, doc: dict[str, Any], others: Iterable[tuple[str, str, str]]
) -> None:
    """Refuse a relationship a lookup cannot have, and more columns of a lookup that is not there.

    Restricting or cascading deletes needs an index, which a lookup of several values cannot have
    (support.microsoft.com, "Create list relationships by using unique and lookup columns").
    `others` are the id, type and target list of the columns beside it.
    """
    if doc.get("RelationshipDeleteBehavior") and (field_type != "Lookup" or not doc.get("Indexed")):
        raise _bad("The relationship cannot be enforced because the column is not indexed.")
    primary = str(doc.get("PrimaryFieldId") or "").strip("{}").lower()
    if primary:
        target = next((lists for one, kind, lists in others if one == primary), None)
        if target is None or target != str(doc.get("LookupList") or ""):
            raise _bad("The primary lookup column does not exist.")
        doc["ReadOnlyField"] = True


def check_term(doc: dict[str, Any], notes: Collection[str]) -> None:
    """Refuse a column of terms without a term set or without its hidden note column."""
    if not doc.get("SspId") or not doc.get("TermSetId"):
        raise _bad("The managed metadata column names no term set.")
    if str(doc.get("TextField") or "") not in notes:
        raise _bad("The hidden note column of the managed metadata column does not exist.")


def normalise_formula(formula: str, columns: Iterable[tuple[str, str, str]]) -> str:
    """The formula as SharePoint stores it, with every column it names checked.

    Brackets go where the name needs none, function names become upper case, blanks between tokens
    go, and internal names become display names. `columns` gives (internal name, title, type). The
    exact normal form is not documented; what matters is that the text read back may differ.
    """
    text = formula.strip()
    if not text.startswith("="):
        text = "=" + text
    known = list(columns)
    parts: list[str] = []
    tokens = _TOKEN.findall(text)
    if text.count('"') % 2 or text.count("(") != text.count(")") or "[" in tokens:
        raise _bad("The formula contains a syntax error or is not supported.")
    for position, token in enumerate(tokens):
        following = next((t for t in tokens[position + 1 :] if not t.isspace()), "")
        if token.isspace():
            continue
        if token.startswith("[") and len(token) > 1:
            name = _column(token[1:-1], known)
            parts.append(name if _WORD.match(name) else f"[{name}]")
        elif _WORD.match(token) and following == "(":
            parts.append(token.upper())
        elif _WORD.match(token) and token.upper() not in ("TRUE", "FALSE", "TODAY", "ME"):
            parts.append(_column(token, known))
        else:
            parts.append(token)
    return "".join(parts)


def _column(name: str, known: list[tuple[str, str, str]]) -> str:
    for internal, title, field_type in known:
        if name.lower() in (title.lower(), internal.lower()):
            if field_type not in _FORMULA_TYPES:
                raise _bad(
                    "One or more column references are not allowed, because the columns are "
                    "defined as a data type that is not supported in formulas."
                )
            return title
    if name.lower() in ("today", "me"):
        return name
    raise _bad(
        "The formula refers to a column that does not exist. Check the formula for spelling "
        "mistakes or change the non-existing column to an existing column."
    )
