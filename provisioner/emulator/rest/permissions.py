"""SharePoint REST for role inheritance, role assignments and permission levels.

Addresses and answers: learn.microsoft.com "Set custom permissions on a list by using the REST
interface"; bodies as pnp/cli-microsoft365 and Office365-REST-Python-Client send them.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from provisioner.emulator.model import levels, lists, paths, roles, sites
from provisioner.emulator.model.app_roles import FULL_CONTROL, READ
from provisioner.emulator.rest.entities import assignment_node
from provisioner.emulator.rest.path import argument
from provisioner.emulator.rest.shape import Node, collection, shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")

SECURABLE = (
    r"/_api/web(?:/lists\((?P<list>[^()]*)\)(?:/items\((?P<item>\d+)\))?"
    r"|/get(?P<sort>file|folder)byserverrelative(?:path|url)\((?:decodedurl=)?(?P<path>[^()=]*)\)"
    r"/listitemallfields)?"
)
_SET_PERMISSIONS = (
    "learn.microsoft.com/sharepoint/dev/sp-add-ins/"
    "set-custom-permissions-on-a-list-by-using-the-rest-interface"
)
_CLI = "pnp/cli-microsoft365 docs/cmd/spo"
_ARGUMENT = "-2147024809, System.ArgumentException"


def _scope(tenant: Tenant, call: Call, match: dict[str, str]) -> tuple[str, str]:
    """Site id and scope name of the securable object a path points at."""
    site_id = str(sites.by_path(tenant, call.site_path)["id"])
    if match.get("path"):
        sort = match["sort"].lower()
        found_list, row = paths.list_and_item(tenant, site_id, unquote(match["path"]), sort)
        return site_id, roles.item_scope(str(found_list["id"]), int(row["id"]))
    if not match.get("list"):
        return site_id, roles.WEB
    list_id = str(lists.resolve(tenant, site_id, match["list"])["id"])
    if not match.get("item"):
        return site_id, roles.list_scope(list_id)
    item_id = int(match["item"])
    found = tenant.one(
        "SELECT id FROM item WHERE list_id = ? AND id = ? AND deleted = 0", list_id, item_id
    )
    if found is None:
        raise Refusal(
            404,
            "itemNotFound",
            "Item does not exist. It may have been deleted by another user.",
            rest_code="-2130575338, System.ArgumentException",
        )
    return site_id, roles.item_scope(list_id, item_id)


def _flag(call: Call, name: str, position: int) -> bool | None:
    """A true/false argument by name, by position or from the body; None when it is absent."""
    value: Any = argument(call, name, position=position)
    if value is None or isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "1"):
        return True
    if str(value).lower() in ("false", "0"):
        return False
    raise Refusal(
        400, "invalidRequest", f"The parameter {name} is not true or false.", rest_code=_ARGUMENT
    )


def _number(call: Call, name: str, position: int) -> int:
    value = argument(call, name, position=position)
    if not str(value).isdigit():
        raise Refusal(
            400, "invalidRequest", f"The parameter {name} needs a number.", rest_code=_ARGUMENT
        )
    return int(value)


@ROUTES.add(
    "POST",
    SECURABLE + "/breakroleinheritance",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Stop inheriting permissions",
    source=_SET_PERMISSIONS,
)
def break_inheritance(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """`breakroleinheritance(copyRoleAssignments, clearSubscopes)`: positional, named or in body."""
    site_id, scope = _scope(tenant, call, match)
    copy = _flag(call, "copyRoleAssignments", 0)
    if copy is None:
        raise Refusal(
            400,
            "invalidRequest",
            "The parameter copyRoleAssignments is missing.",
            rest_code=_ARGUMENT,
        )
    clear = _flag(call, "clearSubscopes", 1) or False
    roles.breakup(tenant, site_id, scope, copy=copy, clear_subscopes=clear, caller=call.caller)
    return Reply(200)


@ROUTES.add(
    "POST",
    SECURABLE + "/resetroleinheritance",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Inherit permissions again",
    source=_SET_PERMISSIONS,
)
def reset_inheritance(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Own role assignments go and those of the parent hold again."""
    site_id, scope = _scope(tenant, call, match)
    roles.reset(tenant, site_id, scope)
    return Reply(200)


@ROUTES.add(
    "GET",
    SECURABLE + "/roleassignments",
    cost=5,
    permissions=READ,
    selected_role="read",
    title="List role assignments",
    source=_CLI + "/list/list-roleassignment-list",
)
def list_assignments(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Role assignments in force; `$expand=Member,RoleDefinitionBindings` gives both whole."""
    site_id, scope = _scope(tenant, call, match)
    found = [assignment_node(each) for each in roles.assignments(tenant, site_id, scope)]
    return Reply(200, collection(call, found), kind="SP.RoleAssignment")


@ROUTES.add(
    "GET",
    SECURABLE + r"/roleassignments\((?P<principal>\d+)\)",
    cost=5,
    permissions=READ,
    selected_role="read",
    title="Get a role assignment",
    source=_CLI + "/list",
)
def get_assignment(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The role assignment of one principal; 404 when it has none."""
    site_id, scope = _scope(tenant, call, match)
    principal_id = int(match["principal"])
    for each in roles.assignments(tenant, site_id, scope):
        if each["PrincipalId"] == principal_id:
            node = assignment_node(each)
            return Reply(200, shape(call, node.entity, node.expandable), kind="SP.RoleAssignment")
    raise Refusal(
        404,
        "itemNotFound",
        f"Can not find the principal with id: {principal_id}.",
        rest_code="-2146232832, Microsoft.SharePoint.SPException",
    )


@ROUTES.add(
    "DELETE",
    SECURABLE + r"/roleassignments\((?P<principal>\d+)\)",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Delete a role assignment",
    source=_SET_PERMISSIONS,
)
def delete_assignment(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Take every level from a principal."""
    site_id, scope = _scope(tenant, call, match)
    roles.remove(tenant, site_id, scope, int(match["principal"]))
    return Reply(200)


@ROUTES.add(
    "POST",
    SECURABLE + "/roleassignments/addroleassignment",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Add a role assignment",
    source=_SET_PERMISSIONS,
)
def add_assignment(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """`addroleassignment(principalid=,roledefid=)`."""
    site_id, scope = _scope(tenant, call, match)
    principal, role = _number(call, "principalid", 0), _number(call, "roledefid", 1)
    roles.add(tenant, site_id, scope, principal, role)
    return Reply(200)


@ROUTES.add(
    "POST",
    SECURABLE + "/roleassignments/removeroleassignment",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Remove a role assignment",
    source=_SET_PERMISSIONS,
)
def remove_assignment(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """`removeroleassignment(principalid=,roledefid=)`: one level of one principal."""
    site_id, scope = _scope(tenant, call, match)
    principal, role = _number(call, "principalid", 0), _number(call, "roledefid", 1)
    roles.remove(tenant, site_id, scope, principal, role)
    return Reply(200)


@ROUTES.add(
    "GET",
    "/_api/web/roledefinitions",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List permission levels",
    source=_CLI + "/roledefinition/roledefinition-list",
)
def list_roles(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The site's permission levels, in its language."""
    site_id = str(sites.by_path(tenant, call.site_path)["id"])
    found = [Node(levels.entity(row)) for row in levels.all_of(tenant, site_id)]
    return Reply(200, collection(call, found), kind="SP.RoleDefinition")


@ROUTES.add(
    "POST",
    "/_api/web/roledefinitions",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Create a permission level",
    source=_CLI + "/roledefinition/roledefinition-add",
)
def create_role(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """A new level from `{"Name","Description","BasePermissions":{"High","Low"},"Order"}`."""
    site_id = str(sites.by_path(tenant, call.site_path)["id"])
    row = levels.create(tenant, site_id, call.json())
    return Reply(201, levels.entity(row), kind="SP.RoleDefinition")


_ROLE = r"/_api/web/roledefinitions\((?P<role>[^()]*)\)"


def _role(tenant: Tenant, call: Call, match: dict[str, str]) -> Any:
    site_id = str(sites.by_path(tenant, call.site_path)["id"])
    return levels.get(tenant, site_id, unquote(match["role"]))


@ROUTES.add(
    "GET",
    _ROLE,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a permission level",
    source=_CLI + "/roledefinition/roledefinition-get",
)
def get_role(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One level by id, name or RoleTypeKind."""
    entity = levels.entity(_role(tenant, call, match))
    return Reply(200, shape(call, entity, {}), kind="SP.RoleDefinition")


@ROUTES.add(
    "PATCH",
    _ROLE,
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Update a permission level",
    source=_CLI + "/roledefinition",
)
def update_role(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Change name, description, order or base permissions of a level."""
    levels.update(tenant, _role(tenant, call, match), call.json())
    return Reply(204)


@ROUTES.add(
    "DELETE",
    _ROLE,
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Delete a permission level",
    source=_CLI + "/roledefinition/roledefinition-remove",
)
def delete_role(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Delete a level and what was assigned with it."""
    levels.delete(tenant, _role(tenant, call, match))
    return Reply(200)
