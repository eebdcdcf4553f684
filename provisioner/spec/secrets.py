"""Finds secrets that were written into a file, where only a reference to one may stand.

What was found is never repeated in a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from provisioner.core.errors import Problem
from provisioner.core.node import Node

SECRET_KEYS = frozenset(
    {"clientsecret", "secret", "password", "passwd", "apikey", "accesstoken", "refreshtoken"}
)
_REFERENCE = re.compile(r"(env|file):\S")
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
# The shape Microsoft Entra gives client secrets: a digit and "Q~" after three characters.
_ENTRA_SECRET = re.compile(r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])", re.ASCII)
# Each begins where no other can, so that a text of millions of beginnings is gone through once.
_JSON_WEB_TOKEN = re.compile(r"[\w-]{10}\.eyJ[\w-]{10,}\.[\w-]{10}")
_SIGNED_URL = re.compile(
    r"(?<!\S)(?=\S*?https?://)\S*[?&]sig=[\w%-]{16}",  # a word with an address in it
    re.IGNORECASE,
)
_MAYBE = re.compile(r"PRIVATE KEY-|Q~|\beyJ|sig=", re.IGNORECASE)
"""What each of the shapes below has in it, asked once of every text: few have any of it."""
_SHAPES = (
    (_PRIVATE_KEY, "A private key"),
    (_ENTRA_SECRET, "What looks like a client secret"),
    (_JSON_WEB_TOKEN, "What looks like an access token"),
    (_SIGNED_URL, "A web address that carries its own signature"),
)
_HINT = (
    "Keep it out of the file and write `env:NAME` or `file:path` here. If the file was shared, "
    "replace the secret."
)


def is_secret_key(key: str) -> bool:
    """Whether a key's value is a secret by its name."""
    return key.replace("_", "").replace("-", "").casefold() in SECRET_KEYS


def secret_problems(root: Node) -> Iterator[Problem]:
    """One problem for each value that is a secret, by its shape or by the key it stands under."""
    for path, node in root.walk():
        if not isinstance(node.value, str) or _REFERENCE.match(node.value):
            continue
        what = None
        if _MAYBE.search(node.value):
            what = next((words for shape, words in _SHAPES if shape.search(node.value)), None)
        if what is None and path and isinstance(path[-1], str) and is_secret_key(path[-1]):
            what = f"A value for “{path[-1]}”" if node.value else None
        if what:
            yield Problem("SPEC-SECRET", f"{what} is written in the file.", node.where, _HINT)
