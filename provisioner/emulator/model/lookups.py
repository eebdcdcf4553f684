"""The text behind ids: people and looked-up rows, fetched once for a page of items."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from provisioner.emulator.model import principal_view
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant


class Texts:
    """Titles of principals and of look-up targets, each read at most once."""

    def __init__(self, tenant: Tenant, opened: OpenList) -> None:
        self._tenant, self._opened = tenant, opened
        self._targets: dict[str, dict[int, str]] = {}
        self._identities: dict[int, dict[str, Any]] = {}

    @cached_property
    def people(self) -> dict[int, tuple[str, str]]:
        """Title and mail by principal id."""
        return principal_view.titles(self._tenant, self._opened.site_id)

    def identity(self, principal_id: int) -> dict[str, Any]:
        """Graph's identity set of a principal."""
        found = self._identities.get(principal_id)
        if found is None:
            found = principal_view.identity(self._tenant, self._opened.site_id, principal_id)
            self._identities[principal_id] = found
        return found

    def of(self, field: Field, number: int) -> str | None:
        """What a person or lookup column shows for an id; None when the target is gone."""
        if field.type.startswith("User"):
            person = self.people.get(number)
            return None if person is None else person[0]
        return self._rows(field).get(number)

    def choices(self, field: Field) -> dict[int, str]:
        """Every item a lookup column can point to, by id."""
        return self._rows(field)

    def mail(self, number: int) -> str:
        """The mail address of a principal, "" if none."""
        return self.people.get(number, ("", ""))[1]

    def _rows(self, field: Field) -> dict[int, str]:
        key = f"{field.lookup_list}/{field.lookup_field}"
        if key not in self._targets:
            shown = field.lookup_field or "Title"
            column = {"ID": "id", "FileLeafRef": "name"}.get(shown, "json_extract(fields, ?)")
            values = (f'$."{shown}"',) if "?" in column else ()
            rows = self._tenant.rows(
                f"SELECT id, {column} AS shown FROM item WHERE list_id = ? AND deleted = 0",  # noqa: S608 - closed set
                *values,
                field.lookup_list,
            )
            self._targets[key] = {int(row["id"]): str(row["shown"] or "") for row in rows}
        return self._targets[key]
