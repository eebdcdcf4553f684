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
    "sync": ("collect", "write", "kept", "leavers"),
    "engine": ("ledger_library", "own_records", "combining", "column_values", "lint"),
}
"""Folder to how the names of its files begin."""
_PROTOCOL = """
    amp gt lt quot apos nbsp http https www com us cn sharepoint graph microsoft onmicrosoft true
    false null none application json odata nometadata minimalmetadata verbose streaming charset utf
    text html xml multipart mixed boundary error code message innererror lang value token skiptoken
    paged top skip select expand filter orderby batch api web site sites teams lists items fields
    drive drives root content v1 beta guid list library forms aspx pages sitepages provisioner
    provisionerledger provisionerfacts provisionerlock ledger
"""
_PEOPLES = frozenset(("contoso", "localhost", "secret", "vendor", "evidence", "risk", "register"))
"""Words of our code that people use for what is theirs."""


@cache
def vocabulary() -> frozenset[str]:
    """Every word that may stay, in lower case."""
    found = {word.casefold() for word in _PROTOCOL.split()}
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
            texts += [text for text in said if text not in time_zones()]
    return texts


def _said(tree: ast.Module) -> list[str]:
    """Texts without a blank, and elements of XML; what stands alone is a docstring."""
    nodes = list(ast.walk(tree))
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    texts = [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    ]
    return [text for text in texts if text.startswith("<") or len(text.split()) == 1]
