"""How a column reads in SharePoint REST, by its type.

Property names follow the sample answers of pnp/cli-microsoft365 ``spo field get``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.emulator.model import field_xml_written
from provisioner.emulator.model.field_rules import escape_name
from provisioner.emulator.model.fields import KINDS, Field
from provisioner.emulator.rest.shape import Node

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

_NO_GUID = "00000000-0000-0000-0000-000000000000"
_LARGEST = 1.7976931348623157e308
_NUMBER: dict[str, Any] = {
    "CommaSeparator": False,
    "CustomUnitName": None,
    "CustomUnitOnRight": False,
    "DisplayFormat": -1,
    "MaximumValue": _LARGEST,
    "MinimumValue": -_LARGEST,
    "ShowAsPercentage": False,
    "Unit": None,
}
_TERM: dict[str, Any] = {
    "AnchorId": _NO_GUID,
    "CreateValuesInEditForm": False,
    "IsAnchorValid": True,
    "IsKeyword": False,
    "IsPathRendered": False,
    "IsTermSetValid": True,
    "Open": False,
    "SspId": _NO_GUID,
    "TermSetId": _NO_GUID,
    "TextField": _NO_GUID,
    "UserCreated": False,
}
# What a column of a type has besides what every column has, and what it starts as.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "Text": {"MaxLength": 255},
    "Note": {
        "AllowHyperlink": False,
        "AppendOnly": False,
        "IsLongHyperlink": False,
        "NumberOfLines": 6,
        "RestrictedMode": True,
        "RichText": False,
        "UnlimitedLengthInDocumentLibrary": False,
        "WikiLinking": False,
    },
    "Choice": {"Choices": [], "EditFormat": 0, "FillInChoice": False, "Mappings": None},
    "MultiChoice": {"Choices": [], "FillInChoice": False, "Mappings": None},
    "DateTime": {
        "DateTimeCalendarType": 0,
        "DateFormat": 0,
        "DisplayFormat": 1,
        "FriendlyDisplayFormat": 0,
    },
    "Number": _NUMBER,
    "Currency": _NUMBER | {"CurrencyLocaleId": 1033},
    "URL": {"DisplayFormat": 0},
    "Calculated": {
        "CurrencyLocaleId": 1033,
        "DateFormat": 0,
        "DisplayFormat": -1,
        "Formula": "",
        "OutputType": 2,
        "ShowAsPercentage": False,
    },
    "TaxonomyFieldType": _TERM,
    "TaxonomyFieldTypeMulti": _TERM,
}
FIELD_CLASSES = {
    "Text": "SP.FieldText",
    "Note": "SP.FieldMultiLineText",
    "DateTime": "SP.FieldDateTime",
    "Choice": "SP.FieldChoice",
    "MultiChoice": "SP.FieldMultiChoice",
    "Lookup": "SP.FieldLookup",
    "LookupMulti": "SP.FieldLookup",
    "User": "SP.FieldUser",
    "UserMulti": "SP.FieldUser",
    "Number": "SP.FieldNumber",
    "Currency": "SP.FieldCurrency",
    "URL": "SP.FieldUrl",
    "Calculated": "SP.FieldCalculated",
    "Computed": "SP.FieldComputed",
    "Guid": "SP.FieldGuid",
    "TaxonomyFieldType": "SP.Taxonomy.TaxonomyField",
    "TaxonomyFieldTypeMulti": "SP.Taxonomy.TaxonomyField",
}


def field_node(tenant: Tenant, field: Field) -> Node:
    """A column as `SP.Field` or the class of its type."""
    doc = field.doc
    entity: dict[str, Any] = {
        "odata.type": FIELD_CLASSES.get(field.type, "SP.Field"),
        "AutoIndexed": False,
        "CanBeDeleted": bool(doc.get("CanBeDeleted", not field.builtin)),
        "ClientSideComponentId": _NO_GUID,
        "ClientSideComponentProperties": None,
        "ClientValidationFormula": doc.get("ClientValidationFormula"),
        "ClientValidationMessage": doc.get("ClientValidationMessage"),
        "CustomFormatter": doc.get("CustomFormatter"),
        "DefaultFormula": doc.get("DefaultFormula"),
        "DefaultValue": doc.get("DefaultValue"),
        "Description": doc.get("Description") or "",
        "Direction": "none",
        "EnforceUniqueValues": field.unique,
        "EntityPropertyName": escape_name(field.internal_name),
        "Filterable": field.type not in ("Note", "MultiChoice"),
        "FromBaseType": bool(doc.get("FromBaseType", False)),
        "Group": doc.get("Group") or "Custom Columns",
        "Hidden": field.hidden,
        "Id": field.id,
        "Indexed": field.indexed,
        "IndexStatus": 1 if field.indexed else 0,
        "InternalName": field.internal_name,
        "IsModern": False,
        "JSLink": doc.get("JSLink") or "clienttemplates.js",
        "PinnedToFiltersPane": False,
        "ReadOnlyField": field.read_only,
        "Required": field.required,
        "SchemaXml": field_xml_written.render(field),
        "Scope": _scope(tenant, field),
        "Sealed": bool(doc.get("Sealed", False)),
        "ShowInFiltersPane": 0,
        "Sortable": field.type not in ("Note", "MultiChoice", "LookupMulti", "UserMulti"),
        "StaticName": doc.get("StaticName") or field.internal_name,
        "Title": field.title,
        "FieldTypeKind": KINDS.get(field.type, 0),
        "TypeAsString": field.type,
        "TypeDisplayName": field.type,
        "TypeShortDescription": field.type,
        "ValidationFormula": doc.get("ValidationFormula"),
        "ValidationMessage": doc.get("ValidationMessage"),
    }
    return Node(entity | _by_type(tenant, field))


def _scope(tenant: Tenant, field: Field) -> str:
    if field.list_id:
        row = tenant.one("SELECT url AS path FROM list WHERE id = ?", field.list_id)
    else:
        row = tenant.one("SELECT path FROM site WHERE id = ?", field.site_id)
    return str(row["path"] or "/") if row is not None else "/"


def _by_type(tenant: Tenant, field: Field) -> dict[str, Any]:
    if field.type.startswith(("User", "Lookup")):
        return _lookup(tenant, field)
    found = {
        name: field.doc.get(name, value) for name, value in _DEFAULTS.get(field.type, {}).items()
    }
    if "Choices" in found:
        found["Choices"] = list(field.choices)
    return found


def _lookup(tenant: Tenant, field: Field) -> dict[str, Any]:
    doc = field.doc
    person = field.type.startswith("User")
    target = f"{{{field.lookup_list}}}" if field.lookup_list else ""
    if person:
        users = tenant.one(
            "SELECT id FROM list WHERE site_id = ? AND template = 112", field.site_id
        )
        target = f"{{{users['id']}}}" if users is not None else ""
    web = tenant.one("SELECT web_id FROM site WHERE id = ?", field.site_id)
    entity: dict[str, Any] = {
        "AllowMultipleValues": field.multi,
        "DependentLookupInternalNames": [],
        "IsDependentLookup": bool(doc.get("PrimaryFieldId")),
        "IsRelationship": not person,
        "LookupField": field.lookup_field,
        "LookupList": target,
        "LookupWebId": web["web_id"] if web is not None else _NO_GUID,
        "PrimaryFieldId": doc.get("PrimaryFieldId"),
        "RelationshipDeleteBehavior": doc.get("RelationshipDeleteBehavior", 0),
        "UnlimitedLengthInDocumentLibrary": bool(doc.get("UnlimitedLengthInDocumentLibrary")),
    }
    if person:
        entity |= {
            "AllowDisplay": True,
            "Presence": True,
            "SelectionGroup": doc.get("SelectionGroup", 0),
            "SelectionMode": doc.get("SelectionMode", 1),
            "UserDisplayOptions": None,
        }
    return entity
