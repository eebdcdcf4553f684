"""What stands in a recording for names, ids, mails and hosts: the same each time it is met.

A text is taken apart into words. A word of the protocols stays; any other is replaced, whatever it
is, so nothing has to be known of what is secret. Equal words, in any case, get equal stand-ins, so
that an address in one answer still is the address in the next request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from provisioner.tenant.recording.words import time_zones, vocabulary

_PIECE = re.compile(
    # Either begins where what it is made of begins, and is not looked for again in the midst of it.
    r"(?P<mail>(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<host>(?<![\w-])[\w-]+(?=\.sharepoint(?:-mil)?\.))|"
    r"(?P<date>\b\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:\d\d)?)?\b)"
    r"|(?P<guid>(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z]))"
    r"|(?P<type>\b0x(?:[0-9A-Fa-f]{2})+\b)"
    r"|(?P<reference>&\#x?[0-9A-Fa-f]{1,6};)"
    r"|(?P<escape>\\(?:u[0-9A-Fa-f]{4}|[nrtbf]))"
    r"|(?P<percent>(?:%[0-9A-Fa-f]{2}|\w)*%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2}|\w)*)"
    r"|(?P<word>\w+)"
)
_TYPE_GUID = re.compile(r"00([0-9A-Fa-f]{32})")
_CRITERION = re.compile(r"(?:CC|A|C|P|PI)\d")
_KEY = re.compile(r"[a-z]+(?:-[a-z]+)+")
_SPAN = re.compile(r"\d{1,4}[bd]")
"""What is added to a day, as in today-90d, or today-10b in business days."""
_KEPT_KEYS = frozenset({"High", "Low"})
"""The masks of permission levels, which are read as numbers."""
_SMALL = 99_999
_WELL_KNOWN = range(1_073_741_800, 1_073_741_950)
"""Ids of SharePoint's own permission levels."""
_SHORT_DIGITS = 4
_DAY = 86_400_000
"""Milliseconds; formats count in whole days of them."""
_MOST_DIGITS = 18
_LONGEST_TYPE = 14
_LETTERS = 26


class StandIns:
    """Remembers what stands for what; one for each recording.

    `kept` are words that stay too, in lower case, and `whole` texts that stay as they are; keys among
    them, such as `risk-register`, stay inside of other texts too.
    """

    def __init__(
        self, kept: frozenset[str] = frozenset(), whole: frozenset[str] = frozenset()
    ) -> None:
        self._kept = kept | vocabulary()
        self._whole = whole | time_zones()
        # A key of a list stands in the addresses of all its parts.
        keys = "|".join(sorted(one for one in whole if _KEY.fullmatch(one)))
        self._keys = re.compile(rf"(?<![\w-])({keys})(?![\w-])") if keys else None
        self._words: dict[str, int] = {}
        self._guids: dict[str, int] = {}
        self._numbers: dict[str, int] = {}

    def text(self, text: str) -> str:
        """The text with every word replaced that is none of the protocols'."""
        if text in self._whole:
            return text
        parts = self._keys.split(text) if self._keys else [text]
        parts[::2] = [_PIECE.sub(self._piece, one) for one in parts[::2]]
        return "".join(parts)

    def value(self, value: Any, key: str = "") -> Any:
        """A JSON value, keys too; bytes are told by their number alone."""
        if isinstance(value, str):
            return (
                value
                if key in _KEPT_KEYS and value.isascii() and value.isdigit()
                else self.text(value)
            )
        if isinstance(value, Mapping):
            return {self.text(str(k)): self.value(v, str(k)) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(one) for one in value]
        if isinstance(value, bytes):
            return {"bytes": len(value)}
        if isinstance(value, bool) or value is None:
            return value
        return self._number(value)

    def _number(self, value: float) -> float:
        if isinstance(value, int) and (abs(value) <= _SMALL or value in _WELL_KNOWN):
            return value
        number = 700_000_000 + _index(self._numbers, str(value))
        return number if isinstance(value, int) else number + 0.5

    def _piece(self, found: re.Match[str]) -> str:
        replaced = {
            "mail": self._all_of,
            "host": self._all_of,
            "guid": self._guid,
            "type": self._content_type,
            "reference": _reference,
            "escape": _escape,
            "percent": self._percent,
            "word": self._word,
        }.get(str(found.lastgroup))
        return found[0] if replaced is None else replaced(found[0])

    def _all_of(self, text: str) -> str:
        """Every word of a mail address or of a tenant's name, whatever it is."""
        return re.sub(r"\w+", lambda one: self._stand_in(one[0]), text)

    def _percent(self, text: str) -> str:
        return quote(self.text(unquote(text, errors="replace")), safe="")

    def _content_type(self, text: str) -> str:
        """A content type's id: what is left of it without its GUIDs is short, or it is none."""
        if len(_TYPE_GUID.sub("", text)) > _LONGEST_TYPE:
            return self._word(text)
        return _TYPE_GUID.sub(lambda one: "00" + self._bare_guid(one[1]), text)

    def _word(self, word: str) -> str:
        name = word.casefold().removesuffix("lookupid") or "id"
        if word.isascii() and (
            len(word) == 1 or not self._kept.isdisjoint({name, word.casefold()})
        ):
            return word
        if word.isdecimal() and word.isascii():
            told = int(word) if len(word) <= _MOST_DIGITS else 1  # Python reads no endless ones
            known = told in _WELL_KNOWN or told % _DAY == 0
            if len(word) <= _SHORT_DIGITS or known:
                return word
            return str(700_000_000 + _index(self._numbers, word))
        if _CRITERION.fullmatch(word) or _SPAN.fullmatch(word):
            return word
        return self._stand_in(word)

    def _stand_in(self, word: str) -> str:
        """A word of letters alone: a digit at its end would make it a cell of a spreadsheet."""
        number, letters = _index(self._words, word.casefold()), ""
        while number or len(letters) < 3:
            number, letter = divmod(number, _LETTERS)
            letters = chr(ord("a") + letter) + letters
        made = f"z{letters}"
        if word.isupper() and len(word) > 1:  # a code, which is written so
            return f"Z{made.upper()}"
        return f"{'Z' if word[0].isupper() else 'z'}{made}"

    def _guid(self, text: str) -> str:
        if self._kept.issuperset(text.lower().split("-")):
            return text  # one of Microsoft's own, such as a web part's, which our code names
        bare = self._bare_guid(text.replace("-", ""))
        return "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))

    def _bare_guid(self, text: str) -> str:
        lower = text.lower()
        if not lower.strip("0"):
            return text
        made = f"{0xABCD:08x}{0:04x}4000800{0:01x}{_index(self._guids, lower):012x}"
        return made.upper() if text.isupper() else made


def _escape(text: str) -> str:
    """An escape of JSON inside a text: a character by its number could spell a name."""
    return "\\u0078" if text.startswith("\\u") else text


def _reference(text: str) -> str:
    """A character by its number: a letter or digit becomes another one, the rest is punctuation."""
    digits = text[2:-1]
    number = int(digits[1:], 16) if digits[:1] in "xX" else int(digits) if digits.isdigit() else 0
    return "x" if number > 0x10FFFF or chr(number).isalnum() else text


def _index(known: dict[str, int], key: str) -> int:
    return known.setdefault(key, len(known))
