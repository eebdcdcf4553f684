"""`$filter` and `$orderby` over items: parsed, checked against indexes, compiled to SQL.

Both faces share the grammar (comparisons, startswith, substringof, and, or, parentheses); Graph
adds its own refusals (learn.microsoft.com/graph/api/listitem-list: "the service can only filter one
indexed field at a time"; microsoft-graph-docs#2351 for a field without an index).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from provisioner.emulator.model import dates
from provisioner.emulator.model.open_list import LOOKUPS, OpenList
from provisioner.emulator.wire import Refusal

_TOKEN = re.compile(
    r"\s*(?:(?P<date>datetime'(?P<inner>[^']*)')|(?P<text>'(?:[^']|'')*')|(?P<punct>[(),])"
    r"|(?P<word>[^\s(),']+))",
    re.IGNORECASE,
)
_OPERATORS = {"eq": "=", "ne": "<>", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
_COLUMNS = {
    "ID": "id",
    "Id": "id",
    "id": "id",
    "Modified": "modified",
    "Created": "created",
    "Author": "author",
    "Editor": "editor",
    "FileLeafRef": "name",
    "GUID": "guid",
    "_ModerationStatus": "moderation",
    "ContentTypeId": "content_type_id",
    "OData__ModerationStatus": "moderation",
}
_SYSTEM_INDEXED = frozenset({"id"})
_MULTI = frozenset({"MultiChoice", "UserMulti", "LookupMulti", "Note", "URL", "Calculated"})


@dataclass(frozen=True, slots=True)
class Query:
    """A compiled condition: SQL with its values, and the columns it refers to."""

    sql: str = "1 = 1"
    values: tuple[Any, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def where(opened: OpenList, text: str, *, graph: bool) -> Query:
    """Compile a `$filter`. Raises `Refusal` 400 for what cannot be parsed or is not a column."""
    parser = _Parser(opened, list(_tokens(text)), graph=graph)
    query = parser.disjunction()
    if parser.rest():
        raise bad_filter(text)
    return query


def order(opened: OpenList, text: str, *, graph: bool) -> tuple[str, frozenset[str]]:
    """Compile an `$orderby`: SQL and the columns it refers to. Raises `Refusal` 400."""
    parts: list[str] = []
    names: set[str] = set()
    for part in text.split(","):
        name, _, direction = part.strip().partition(" ")
        if direction.strip().lower() not in ("", "asc", "desc"):
            raise bad_filter(text)
        sql, used, kind = _column(opened, name, graph=graph)
        if kind == "ignored" or kind in _MULTI:
            raise bad_filter(text)
        parts.append(f"{sql} COLLATE NOCASE {direction.strip()}")
        names.add(used)
    return ", ".join([*parts, "id"]), frozenset(names)


def check_indexes(opened: OpenList, filtered: frozenset[str], ordered: frozenset[str]) -> None:
    """Raise Graph's `Refusal` 400 for a column without index, or two indexed columns at once."""
    for name in sorted(filtered | ordered):
        field = opened.columns.get(name)
        if name in _SYSTEM_INDEXED or (field is not None and field.indexed):
            continue
        raise Refusal(
            400,
            "invalidRequest",
            f"Field '{name}' cannot be referenced in filter or orderby as it is not indexed. "
            "Provide the 'Prefer: HonorNonIndexedQueriesWarningMayFailRandomly' header to allow "
            "this, but be warned that such queries may fail on large lists.",
        )
    if len(filtered | ordered) > 1:
        raise Refusal(
            400,
            "invalidRequest",
            "The service can only filter or order by one indexed field at a time.",
        )


def bad_filter(text: str) -> Refusal:
    """The answer to an expression that cannot be read."""
    return Refusal(
        400,
        "invalidRequest",
        f"The expression '{text}' is not valid.",
        rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
    )


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise bad_filter(text)
        position = match.end()
        if match["date"] is not None:
            yield _Token("text", match["inner"])
        elif match["text"] is not None:
            yield _Token("text", match["text"][1:-1].replace("''", "'"))
        elif match["punct"] is not None:
            yield _Token("punct", match["punct"])
        else:
            yield _Token("word", match["word"])


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, opened: OpenList, tokens: list[_Token], *, graph: bool) -> None:
        self.opened, self.tokens, self.graph, self.at = opened, tokens, graph, 0

    def rest(self) -> bool:
        return self.at < len(self.tokens)

    def disjunction(self) -> Query:
        left = self.conjunction()
        while self._word("or"):
            left = _joined(left, self.conjunction(), "OR")
        return left

    def conjunction(self) -> Query:
        left = self.condition()
        while self._word("and"):
            left = _joined(left, self.condition(), "AND")
        return left

    def condition(self) -> Query:
        token = self._next()
        if token == _Token("punct", "("):
            inner = self.disjunction()
            self._expect(")")
            return inner
        if token.kind == "word" and token.text.lower() in ("startswith", "substringof"):
            return self._function(token.text.lower())
        if token.kind != "word":
            raise bad_filter(token.text)
        operator = _OPERATORS.get(self._next().text.lower())
        if operator is None:
            raise bad_filter(token.text)
        return self._comparison(token.text, operator, self._next())

    def _function(self, name: str) -> Query:
        if name == "substringof" and self.graph:
            raise bad_filter(name)
        self._expect("(")
        first = self._next()
        self._expect(",")
        second = self._next()
        self._expect(")")
        column, literal = (first, second) if name == "startswith" else (second, first)
        sql, used, kind = _column(self.opened, column.text, graph=self.graph)
        if kind not in ("Text", "Choice", "Note", "") or literal.kind != "text":
            raise bad_filter(column.text)
        escaped = re.sub(r"([%_\\])", r"\\\1", literal.text)
        pattern = f"{escaped}%" if name == "startswith" else f"%{escaped}%"
        return Query(f"{sql} LIKE ? ESCAPE '\\'", (pattern,), frozenset({used}))

    def _comparison(self, name: str, operator: str, literal: _Token) -> Query:
        sql, used, kind = _column(self.opened, name, graph=self.graph)
        if kind == "ignored":
            return Query(names=frozenset({used}))
        if kind in _MULTI:
            raise bad_filter(name)
        if literal == _Token("word", "null"):
            test = {"=": "IS NULL", "<>": "IS NOT NULL"}.get(operator)
            if test is None:
                raise bad_filter(name)
            return Query(f"{sql} {test}", (), frozenset({used}))
        value = self._value(used, kind, literal)
        missing = f" OR {sql} IS NULL" if operator == "<>" else ""
        return Query(f"({sql} {operator} ? COLLATE NOCASE{missing})", (value,), frozenset({used}))

    def _value(self, name: str, kind: str, literal: _Token) -> Any:
        text = literal.text
        try:
            if kind in ("Number", "Currency", "Integer", "id"):
                return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
            if kind == "Boolean":
                return {"true": 1, "1": 1, "false": 0, "0": 0}[text.lower()]
            if kind == "DateTime":
                field = self.opened.columns.get(name)
                only = field is not None and dates.date_only(field)
                return dates.from_iso(text, self.opened.zone, only_date=only)
        except (KeyError, ValueError):
            raise bad_filter(text) from None
        if literal.kind != "text":
            raise bad_filter(text)
        return text

    def _next(self) -> _Token:
        if self.at >= len(self.tokens):
            raise bad_filter("")
        self.at += 1
        return self.tokens[self.at - 1]

    def _word(self, word: str) -> bool:
        if (
            self.rest()
            and self.tokens[self.at].kind == "word"
            and (self.tokens[self.at].text.lower() == word)
        ):
            self.at += 1
            return True
        return False

    def _expect(self, punctuation: str) -> None:
        if self._next() != _Token("punct", punctuation):
            raise bad_filter(punctuation)


def _joined(left: Query, right: Query, word: str) -> Query:
    return Query(
        f"({left.sql} {word} {right.sql})", left.values + right.values, left.names | right.names
    )


def _column(opened: OpenList, name: str, *, graph: bool) -> tuple[str, str, str]:
    """SQL of a column, its internal name and its kind.

    The kind is "ignored" for a person or lookup filtered by value in Graph, which answers with
    every row (microsoft-graph-docs#2351).
    """
    if graph:
        if name.startswith("fields/"):
            name = name.removeprefix("fields/")
        elif name != "id":
            raise bad_filter(name)
    suffix = "LookupId" if graph else "Id"
    base = name.removesuffix(suffix)
    if base != name and name not in opened.columns and base in opened.columns:
        if opened.columns[base].type not in LOOKUPS:
            raise bad_filter(name)
        system = _COLUMNS.get(base)
        return system or _extract(base), base, "id"
    if name in _COLUMNS:
        column = _COLUMNS[name]
        kind = {"id": "id", "author": "id", "editor": "id", "moderation": "id"}.get(column, "Text")
        if column in ("modified", "created"):
            kind = "DateTime"
        return column, "id" if column == "id" else name, kind
    field = opened.columns.get(name)
    if field is None:
        raise Refusal(
            400,
            "invalidRequest",
            f"Column '{name}' does not exist. It may have been deleted by another user.",
            rest_code="-2147217860, Microsoft.SharePoint.SPException",
        )
    if field.type in LOOKUPS and graph:
        return "", name, "ignored"
    return _extract(name), name, field.type


def _extract(name: str) -> str:
    safe = name.replace("'", "").replace('"', "")
    return f"json_extract(fields, '$.\"{safe}\"')"
