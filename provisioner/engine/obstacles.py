"""Differences that stand in the way of a change, each with what to do about it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from provisioner.core.resource import FieldChange, Resource
from provisioner.engine.comparing import said
from provisioner.engine.plan import Blocked


def administrators_only(resource: Resource, one: FieldChange, hint: str) -> Blocked:
    """A property that only an administrator can change."""
    return Blocked(
        resource.address,
        "ADMINISTRATOR-ONLY",
        f"Only an administrator can change {one.path} of {resource.address} "
        f"({said(one.before)} on the site, {said(one.after)} in the file).",
        hint,
        resource.where,
        (one,),
    )


def in_place(resource: Resource, stuck: Sequence[FieldChange], hint: str) -> Blocked:
    """Properties that SharePoint cannot change in what is there."""
    names = ", ".join(one.path for one in stuck)
    return Blocked(
        resource.address,
        "CANNOT-CHANGE-IN-PLACE",
        f"SharePoint cannot change {names} of {resource.address} in place "
        f"({said(stuck[0].before)} on the site, {said(stuck[0].after)} in the file).",
        hint,
        resource.where,
        tuple(stuck),
    )


def held_back(resource: Resource, held: Sequence[FieldChange]) -> Blocked:
    """Properties that change only where the operator names the address."""
    return Blocked(
        resource.address,
        "CHANGE-HELD",
        f"{resource.address} would get another {held[0].path}: {said(held[0].before)} on "
        f"the site, {said(held[0].after)} in the file.",
        f"Give --allow {resource.address} if you mean it, or set the file to what is there.",
        resource.where,
        tuple(held),
    )
