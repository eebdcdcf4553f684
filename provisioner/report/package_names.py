"""Names of files inside a package that every system can unpack, and that stay where they belong.

What a person called a file is data from outside: it may hold "..", a drive, a name Windows keeps
for itself ("Naming Files, Paths, and Namespaces", learn.microsoft.com/windows/win32/fileio/
naming-a-file) or characters that turn the reading order round.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)
# Not "Cn": a letter that this Python does not know yet is one that another does.
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
LONGEST_NAME = 120
"""In UTF-8 bytes, so that a path stays under the 260 characters many programs can open."""


def safe_name(text: str, longest: int = LONGEST_NAME) -> str:
    """One path segment: no separator, nothing invisible, not reserved, never empty.

    The ending of a name that is cut is kept, since it says what opens the file.
    """
    plain = unicodedata.normalize("NFC", text)
    kept = "".join("_" if one in _FORBIDDEN or _is_invisible(one) else one for one in plain)
    name = _cut(kept.strip(" ").rstrip(". "), longest)
    stem = name.partition(".")[0].rstrip(" ").casefold()
    return f"_{name}" if stem in _RESERVED or not name else name


def _is_invisible(letter: str) -> bool:
    code = ord(letter)
    never = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # Unicode's noncharacters
    return never or unicodedata.category(letter) in _INVISIBLE


def is_safe_path(path: str) -> bool:
    """Whether a path in a package is one we would have written."""
    segments = path.split("/")
    return all(one == safe_name(one, len(one.encode()) + 1) and one != ".." for one in segments)


def distinct(wanted: Mapping[str, str]) -> dict[str, str]:
    """Paths by key in the order of keys, none like another on a system that ignores case.

    The second of two like paths gets "~2" before its ending.
    """
    taken: set[str] = set()
    made = {}
    for key in sorted(wanted):
        path, number = wanted[key], 1
        while _folded(path) in taken:
            number += 1
            path = _numbered(wanted[key], number)
        taken.add(_folded(path))
        made[key] = path
    return made


def joined(segments: Iterable[str]) -> str:
    """A path of segments, each made safe."""
    return "/".join(safe_name(one) for one in segments)


def _folded(path: str) -> str:
    # Windows compares in upper case, macOS by case folding; and folding may bring letters apart
    # that a file system takes for one, so once more after it.
    folded = unicodedata.normalize("NFC", path).upper().casefold()
    return unicodedata.normalize("NFC", folded)


def _numbered(path: str, number: int) -> str:
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    renamed = f"{stem}~{number}{dot}{ending}" if stem else f"{name}~{number}"
    return f"{folder}{slash}{renamed}"


def _cut(name: str, longest: int) -> str:
    if len(name.encode()) <= longest:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = f"{dot}{ending}" if stem and len(ending.encode()) <= 12 else ""
    room = longest - len(tail.encode())
    head = (stem if tail else name).encode()[:room].decode("utf-8", "ignore")
    return f"{head.rstrip('. ')}{tail}"
