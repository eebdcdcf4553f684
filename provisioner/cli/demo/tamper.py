"""What somebody does on the site behind the tool's back, and what drift must say of each.

One thing of each sort, through the ordinary doors of SharePoint. Requests: "Views", "Lists", "Role
assignments" and "Navigation" of SharePoint REST (learn.microsoft.com, "SharePoint REST service"), and
"Update columnDefinition" (learn.microsoft.com/graph/api/columndefinition-update).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from provisioner.cli.demo.people import PRIVACY
from provisioner.core.errors import ProvisionerError
from provisioner.core.resource import Existing
from provisioner.core.transport import Audience, Bindings, Envelope, Operation, Transport, ref

_VIEW = "list:availability-evidence/view:Needs review"
_COLUMN = "list:corrective-actions/column:Status"
_LIBRARY = "list:vendor-evidence"
_PERMISSIONS = "list:access-control-evidence/permissions"
_LINK = "navigation:Risks/navigation:Emergency changes"
_PERSON = f"principal:user:{PRIVACY}"


@dataclass(frozen=True, slots=True)
class Tampering:
    """Something somebody did, in a sentence, and the finding it must lead to.

    Drift names `address` and `path` with `code`; `path` is "" where the whole thing is gone. The
    operations hold references, which the ids of the applied workspace fill.
    """

    what: str
    address: str
    path: str
    code: str
    operations: tuple[Operation, ...]


def tamperings() -> tuple[Tampering, ...]:
    """One of each sort: a view, a column, a library's settings, access, navigation."""
    view = f"{_list('availability-evidence')}/views(guid'{ref(_VIEW)}')"
    return (
        Tampering(
            "Somebody takes the column Reviewer out of the view Needs review.",
            _VIEW,
            "columns",
            "DRIFT-CHANGED",
            (_rest("POST", f"{view}/viewfields/removeviewfield('Reviewer')", _VIEW),),
        ),
        Tampering(
            "Somebody removes the status Blocked from Corrective Actions.",
            _COLUMN,
            "choices",
            "DRIFT-CHANGED",
            (_remove_choice(),),
        ),
        Tampering(
            "Somebody keeps 100 versions in Vendor Evidence, not 500.",
            _LIBRARY,
            "versioning",
            "DRIFT-CHANGED",
            (_rest("MERGE", _list("vendor-evidence"), _LIBRARY, {"MajorVersionLimit": 100}),),
        ),
        Tampering(
            "Somebody lets a colleague write in Access Control Evidence.",
            _PERMISSIONS,
            "grants",
            "ACCESS-DIRECT-USER",
            _grant(),
        ),
        Tampering(
            "Somebody deletes the link to Emergency Changes.",
            _LINK,
            "",
            "DRIFT-MISSING",
            (_rest("DELETE", f"/_api/web/navigation/GetNodeById({ref(_LINK)})", _LINK),),
        ),
    )


def known_ids(existing: Iterable[Existing]) -> Bindings:
    """The ids of everything found on the site, for the references."""
    return Bindings(
        {(one.address, name): value for one in existing for name, value in one.ids.items()}
    )


async def tamper(transport: Transport, known: Mapping[tuple[str, str], str]) -> None:
    """Does all of it, one thing after the other.

    `known` holds the ids of the applied workspace: of the site, the lists, views, columns, roles and
    links.

    Raises:
        ProvisionerError: DEMO-NOT-TAMPERED with what Microsoft 365 said.
        KeyError: an id is missing from `known`.
    """
    ids = Bindings(known)
    for one in tamperings():
        for operation in one.operations:
            outcome = (await transport.write([Envelope((operation.filled(ids),))]))[0][0]
            if outcome.state != "done":
                raise ProvisionerError(
                    "DEMO-NOT-TAMPERED",
                    f"{operation.what or one.what} It did not work: {outcome.message}",
                    hint="Run the demo again; it makes a site of its own each time.",
                    address=one.address,
                    request_id=outcome.request_id,
                )
            for name, pointer in operation.produces.items():
                ids[operation.address, name] = str(outcome.body[pointer.removeprefix("/")])


def _list(key: str) -> str:
    return f"/_api/web/lists(guid'{ref(f'list:{key}')}')"


def _remove_choice() -> Operation:
    left = [
        "Open",
        "In progress",
        "Ready for verification",
        "Closed",
        "Risk accepted",
        "False positive",
    ]
    choice = {"choices": left, "allowTextEntry": False, "displayAs": "dropDownMenu"}
    path = f"/sites/{ref('site')}/lists/{ref('list:corrective-actions')}/columns/{ref(_COLUMN)}"
    return _operation("graph", "PATCH", path, _COLUMN, {"choice": choice})


def _grant() -> tuple[Operation, ...]:
    known = _operation(
        "sharepoint",
        "POST",
        "/_api/web/EnsureUser",
        _PERSON,
        {"logonName": f"i:0#.f|membership|{PRIVACY}"},
        produces={"id": "/Id"},
    )
    who, level = ref(_PERSON), ref("role:Contribute")
    call = f"roleassignments/addroleassignment(principalid={who},roledefid={level})"
    return known, _rest("POST", f"{_list('access-control-evidence')}/{call}", _PERMISSIONS)


def _rest(
    method: Literal["POST", "MERGE", "DELETE"], path: str, address: str, body: object = None
) -> Operation:
    return _operation("sharepoint", method, path, address, body)


def _operation(
    audience: Audience,
    method: Literal["POST", "PATCH", "MERGE", "DELETE"],
    path: str,
    address: str,
    body: object = None,
    produces: Mapping[str, str] | None = None,
) -> Operation:
    conditional = {"If-Match": "*"} if method in {"MERGE", "DELETE"} else {}
    return Operation(
        audience,
        method,
        path,
        address,
        "site",
        body,
        conditional,
        produces=produces or {},
        permission=f"{audience}:Sites.Selected/fullcontrol",
    )
