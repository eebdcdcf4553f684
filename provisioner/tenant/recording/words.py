"""The words that may stay in a recording: those of the protocols, as our own requests spell them.

What our published code asks by name gives nobody away, and an answer's word that it does not name it
does not read. So the words are taken from there: texts without a blank, which no sentence is, in
what asks Microsoft 365 and reads its answers.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from zoneinfo import available_timezones

_WORD = re.compile(r"\w+")
_ASKING = {
    "kinds": ("",),
    "ledger": ("",),
    "tenant": ("",),
    "sync": ("",),
    "engine": ("catalogue", "ledger_library", "own_records", "combining", "column_values", "lint"),
    "core": ("where_caml", "where_from_caml"),
}
"""Folder to how the names of its files begin."""
_PROTOCOL = """
    amp gt lt quot apos nbsp http https www com us cn sharepoint graph microsoft onmicrosoft true
    false null none application json odata nometadata minimalmetadata verbose streaming charset utf
    text html xml multipart mixed boundary error code message innererror lang value token skiptoken
    paged top skip select expand filter orderby batch api web site sites teams lists items fields
    drive drives root content v1 beta guid list library forms aspx pages sitepages provisioner
    provisionerledger provisionerfacts provisionerlock ledger facts gz
"""
_PEOPLES = frozenset(("contoso", "localhost", "secret", "vendor", "evidence", "risk", "register"))
"""Words of our code that people use for what is theirs."""


@cache
def vocabulary() -> frozenset[str]:
    """Every word that may stay, in lower case."""
    found = {word.casefold() for word in _PROTOCOL.split()}
    for drawing in (files("provisioner") / "kinds").iterdir():
        if drawing.name.startswith("format") and drawing.name.endswith(".py"):
            # Classes and formulas of formats stand in one text, with blanks.
            for text in _said(ast.parse(drawing.read_text("utf-8"))):
                found.update(word.casefold() for word in _WORD.findall(text))
    for room, starts in _ASKING.items():
        for text in _texts(files("provisioner") / room, starts):
            found.update(word.casefold() for word in _WORD.findall(text))
    return frozenset(found) - _PEOPLES


@cache
def time_zones() -> frozenset[str]:
    """The names of time zones, which stay whole."""
    return frozenset(available_timezones())


def _texts(folder: Traversable, starts: tuple[str, ...]) -> list[str]:
    """The texts in the sources below a folder that are no sentences, and no places either."""
    texts: list[str] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            texts += _texts(entry, starts)
        elif entry.name.endswith(".py") and entry.name.startswith(starts):
            said = _said(ast.parse(entry.read_text("utf-8")))
            texts += [one for one in said if _is_protocol(one) and one not in time_zones()]
    return texts


def _is_protocol(text: str) -> bool:
    """Whether it is no sentence: without a blank, or an element of XML."""
    return text.startswith("<") or len(text.split()) == 1


def _said(tree: ast.Module) -> list[str]:
    """All texts; what stands alone is a docstring."""
    nodes = list(ast.walk(tree))
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    ]
