"""A file beside the workspace file, as the file it becomes in the site's Site Assets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from provisioner.spec.references import resolve_path

_LARGEST = 4_000_000
_KEYS = frozenset({".pem", ".key", ".pfx", ".p12", ".jks"})
_KEY = b"PRIVATE KEY-----"


class Unusable(Exception):
    """The file at `path` cannot be used; `why` ends a sentence."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(why)
        self.path = path
        self.why = why


@dataclass(frozen=True, slots=True)
class Asset:
    """The bytes, and a name with their digest in it: other bytes are another file."""

    name: str
    content: bytes

    def below(self, site_path: str) -> str:
        """Its server-relative place on a site."""
        return f"{site_path}/SiteAssets/{self.name}"


def asset_of(named: str, folder: Path, stem: str) -> Asset:
    """What `file:…` names, read from `folder`; `stem` is for a name without a plain letter.

    Raises `Unusable` for a file that cannot be read, lies elsewhere (also behind a link), is a key, is
    empty, or is larger than 4 MB, which one request carries ("Upload small files",
    learn.microsoft.com/graph/api/driveitem-put-content, with room to spare).
    """
    path = resolve_path(named, folder)
    # A workspace or a pack that somebody else wrote must not carry our own files into a site.
    if not path.resolve().is_relative_to(folder.resolve()):
        raise Unusable(path, "it is not in the workspace's folder")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unusable(path, (error.strerror or "").lower()) from None
    if path.name.startswith(".") or path.suffix.lower() in _KEYS or _KEY in content:
        raise Unusable(path, "it is a hidden file, or a key")
    if not 0 < len(content) <= _LARGEST:
        raise Unusable(path, "it is empty" if not content else "it is larger than 4 MB")
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-") or stem
    return Asset(f"{plain}-{sha256(content).hexdigest()[:12]}{path.suffix.lower()}", content)
