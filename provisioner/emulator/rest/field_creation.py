"""SharePoint REST for making columns: from XML, from an entity, from creation information.

``CreateFieldAsXml`` and its options: pnp/cli-microsoft365 ``spo field add``; the other two are
what Office365-REST-Python-Client sends (sharepoint/fields/collection.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from provisioner.emulator.model import content_types, field_rules, field_xml, fields, lists, views
from provisioner.emulator.model.app_roles import MANAGE
from provisioner.emulator.model.fields import Field
from provisioner.emulator.rest import bodies
from provisioner.emulator.rest.field_writing import CLIENT_QUERY, check_writable
from provisioner.emulator.rest.fields import LIST_FIELDS, SITE_FIELDS, answer, scope
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("rest")
_SOURCE = "pnp/cli-microsoft365 spo field"
NO_CONTENT_TYPE, ALL_CONTENT_TYPES = 2, 4
INTERNAL_NAME_HINT, ADD_TO_DEFAULT_VIEW, CHECK_DISPLAY_NAME = 8, 16, 32

# FieldTypeKind -> type, for those that need no more than a title.
_SIMPLE = {
    2: "Text",
    3: "Note",
    4: "DateTime",
    6: "Choice",
    8: "Boolean",
    9: "Number",
    10: "Currency",
    11: "URL",
    15: "MultiChoice",
    20: "User",
}


@ROUTES.add(
    "POST",
    LIST_FIELDS + "/createfieldasxml",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a list field from XML",
    source=_SOURCE,
    schema_scope="list",
)
@ROUTES.add(
    "POST",
    SITE_FIELDS + "/createfieldasxml",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a site field from XML",
    source=_SOURCE,
    schema_scope="site",
)
def create_from_xml(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"parameters":{"SchemaXml":"<Field …/>","Options":N}}`` -> the field.

    Without option 8 (AddFieldInternalNameHint) the internal name is made from DisplayName,
    whatever Name says.
    """
    site_id, list_id = scope(tenant, call, match)
    given = bodies.parameters(call)
    xml, options = given.get("SchemaXml"), given.get("Options", 0)
    if not isinstance(xml, str) or not isinstance(options, int):
        raise Refusal(
            400,
            "invalidRequest",
            "SchemaXml must be text and Options a number.",
            rest_code=CLIENT_QUERY,
        )
    kind, name, title, field_id, doc = field_xml.parse(xml)
    if options & CHECK_DISPLAY_NAME:
        _refuse_title(tenant, site_id, list_id, title)
    if options & INTERNAL_NAME_HINT and name:
        internal = field_rules.escape_name(name)
        # A name that is already escaped stays as it is.
        if "_x00" in name:
            internal = name[: field_rules.MAX_INTERNAL_NAME]
    else:
        internal = fields.free_name(tenant, site_id, list_id, title)
    field = fields.add(
        tenant,
        site_id=site_id,
        list_id=list_id,
        internal_name=internal,
        title=title,
        type=kind,
        doc=doc,
        field_id=field_id,
    )
    if list_id:
        _place(tenant, field, options)
    return answer(tenant, call, field, 201)


@ROUTES.add(
    "POST",
    LIST_FIELDS,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a list field from an entity",
    source="Office365-REST-Python-Client sharepoint/fields/collection.py",
    schema_scope="list",
)
@ROUTES.add(
    "POST",
    SITE_FIELDS,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a site field from an entity",
    source="Office365-REST-Python-Client sharepoint/fields/collection.py",
    schema_scope="site",
)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"Title","FieldTypeKind",…}`` -> 201; the internal name follows Title.

    Look-ups and calculated columns need XML: they are refused here.
    """
    site_id, list_id = scope(tenant, call, match)
    body = bodies.entity(call, "SP.Field")
    return _simple(tenant, call, site_id, list_id, body)


@ROUTES.add(
    "POST",
    LIST_FIELDS + "/addfield",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a list field from creation information",
    source="Office365-REST-Python-Client sharepoint/fields/creation_information.py",
    schema_scope="list",
)
@ROUTES.add(
    "POST",
    SITE_FIELDS + "/addfield",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a site field from creation information",
    source="Office365-REST-Python-Client sharepoint/fields/creation_information.py",
    schema_scope="site",
)
def add_field(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"parameters":{"Title","FieldTypeKind","LookupListId","LookupFieldName",…}}`` -> 201."""
    site_id, list_id = scope(tenant, call, match)
    given = {k: v for k, v in bodies.parameters(call).items() if v is not None}
    lookup = {
        "LookupList": str(given.pop("LookupListId", "")).strip("{}").lower(),
        "LookupField": str(given.pop("LookupFieldName", "Title")),
    }
    given.pop("LookupWebId", None)
    given.pop("IsCompactName", None)
    if given.get("FieldTypeKind") == fields.KINDS["Lookup"]:
        return _make(tenant, call, site_id, list_id, "Lookup", given, lookup)
    if given.get("FieldTypeKind") == fields.KINDS["Calculated"] and given.get("Formula"):
        text = escape(str(given.pop("Formula")))
        _, _, _, _, doc = field_xml.parse(
            '<Field Type="Calculated" DisplayName="x" ResultType="Text">'
            f"<Formula>{text}</Formula></Field>"
        )
        return _make(tenant, call, site_id, list_id, "Calculated", given, doc)
    return _simple(tenant, call, site_id, list_id, given)


def _simple(tenant: Tenant, call: Call, site_id: str, list_id: str, body: dict[str, Any]) -> Reply:
    number = body.get("FieldTypeKind")
    kind = _SIMPLE.get(number) if isinstance(number, int) else None
    if kind is None:
        raise Refusal(
            400,
            "invalidRequest",
            f"A field of kind {number} cannot be made without XML.",
            rest_code="-2147024809, System.ArgumentException",
        )
    if kind == "User" and body.pop("AllowMultipleValues", False):
        kind = "UserMulti"
    return _make(tenant, call, site_id, list_id, kind, body, {})


def _make(
    tenant: Tenant,
    call: Call,
    site_id: str,
    list_id: str,
    kind: str,
    body: dict[str, Any],
    extra: dict[str, Any],
) -> Reply:
    title = str(body.get("Title") or "")
    doc = {k: v for k, v in body.items() if k not in ("Title", "FieldTypeKind")}
    if not title.strip():
        raise Refusal(
            400,
            "invalidRequest",
            "A field needs a Title.",
            rest_code="-2147024809, System.ArgumentException",
        )
    check_writable(kind, doc)
    field = fields.add(
        tenant,
        site_id=site_id,
        list_id=list_id,
        internal_name=fields.free_name(tenant, site_id, list_id, title),
        title=title,
        type=kind,
        doc=doc | extra,
    )
    if list_id:
        _place(tenant, field, 0)
    return answer(tenant, call, field, 201)


def _refuse_title(tenant: Tenant, site_id: str, list_id: str, title: str) -> None:
    if any(f.title.lower() == title.lower() for f in fields.of(tenant, site_id, list_id)):
        raise Refusal(
            409,
            "nameAlreadyExists",
            f'A duplicate field name "{title}" was found.',
            rest_code="-2130575306, Microsoft.SharePoint.SPDuplicateValuesFoundException",
        )


def _place(tenant: Tenant, field: Field, options: int) -> None:
    if not options & NO_CONTENT_TYPE:
        content_types.link_new_field(tenant, field, everywhere=bool(options & ALL_CONTENT_TYPES))
    if options & ADD_TO_DEFAULT_VIEW:
        views.add_field(tenant, views.default(tenant, field.list_id), field.internal_name)
    lists.touch(tenant, field.list_id)
