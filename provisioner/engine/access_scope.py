"""What of who may do what must be read for a file: told by what the file declares."""

from __future__ import annotations

from collections.abc import Iterable

from provisioner.core.address import address
from provisioner.kinds.base import Access, Declared
from provisioner.kinds.folder import Folder, folder_address
from provisioner.kinds.grants import RowPermissions, SitePermissions


def access_of(permissions: Iterable[Declared], groups: Iterable[Declared]) -> Access:
    """The folders and rows with permissions, and the groups that say their role on the site."""
    guarded: dict[str, list[str]] = {}
    default_groups = True
    for one in permissions:
        above = one.parent
        if isinstance(one.spec, SitePermissions):
            default_groups = one.spec.default_groups
        elif above is not None and above.parent is not None:
            own = address("list", str(getattr(above.parent.spec, "key", "")))
            inner = guarded.setdefault(own, [])
            if isinstance(above.spec, Folder):
                inner.append(folder_address(above))
            elif isinstance(one.spec, RowPermissions):
                inner += [address("item", key, own) for key in one.spec.root]
    roled = frozenset(
        str(getattr(one.spec, "name", ""))
        for one in groups
        if getattr(one.spec, "role", None) is not None
    )
    return Access({own: tuple(inner) for own, inner in guarded.items()}, roled, default_groups)
