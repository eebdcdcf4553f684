"""Which properties of a column may be written, by its type."""

from __future__ import annotations

from typing import Any

from provisioner.emulator.rest.field_entity import FIELD_CLASSES
from provisioner.emulator.wire import Refusal

CLIENT_QUERY = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"
# What a MERGE may set. The rest is fixed when the column is made, or set by the service.
WRITABLE: dict[str, tuple[type, ...]] = {
    "Title": (str,),
    "Description": (str,),
    "Required": (bool,),
    "Hidden": (bool,),
    "ReadOnlyField": (bool,),
    "Indexed": (bool,),
    "EnforceUniqueValues": (bool,),
    "DefaultValue": (str, type(None)),
    "DefaultFormula": (str, type(None)),
    "Group": (str,),
    "ValidationFormula": (str, type(None)),
    "ValidationMessage": (str, type(None)),
    "CustomFormatter": (str, type(None)),
    "ClientValidationFormula": (str, type(None)),
    "ClientValidationMessage": (str, type(None)),
    "JSLink": (str,),
    "StaticName": (str,),
    "Direction": (str,),
    "PinnedToFiltersPane": (bool,),
    "ShowInFiltersPane": (int,),
}
_PERSON: dict[str, tuple[type, ...]] = {
    "SelectionMode": (int,),
    "SelectionGroup": (int,),
    "AllowDisplay": (bool,),
    "Presence": (bool,),
}
_TERM: dict[str, tuple[type, ...]] = {
    "TermSetId": (str,),
    "AnchorId": (str,),
    "IsPathRendered": (bool,),
    "Open": (bool,),
}
BY_TYPE: dict[str, dict[str, tuple[type, ...]]] = {
    "Text": {"MaxLength": (int,)},
    "Note": {
        "NumberOfLines": (int,),
        "RichText": (bool,),
        "AppendOnly": (bool,),
        "RestrictedMode": (bool,),
        "UnlimitedLengthInDocumentLibrary": (bool,),
    },
    "Choice": {"Choices": (list,), "FillInChoice": (bool,), "EditFormat": (int,)},
    "MultiChoice": {"Choices": (list,), "FillInChoice": (bool,)},
    "DateTime": {"DisplayFormat": (int,), "FriendlyDisplayFormat": (int,)},
    "Number": {
        "DisplayFormat": (int,),
        "MinimumValue": (int, float),
        "MaximumValue": (int, float),
        "ShowAsPercentage": (bool,),
    },
    "Currency": {
        "DisplayFormat": (int,),
        "MinimumValue": (int, float),
        "MaximumValue": (int, float),
        "CurrencyLocaleId": (int,),
    },
    "URL": {"DisplayFormat": (int,)},
    "Calculated": {
        "Formula": (str,),
        "OutputType": (int,),
        "DateFormat": (int,),
        "DisplayFormat": (int,),
        "ShowAsPercentage": (bool,),
    },
    "User": _PERSON,
    "UserMulti": _PERSON,
    "TaxonomyFieldType": _TERM,
    "TaxonomyFieldTypeMulti": _TERM,
    "Lookup": {"LookupField": (str,), "RelationshipDeleteBehavior": (int,)},
    "LookupMulti": {"LookupField": (str,)},
}


def check_writable(kind: str, changes: dict[str, Any]) -> None:
    """Refuse with 400 a property this type does not have, or a value of the wrong type."""
    allowed = WRITABLE | BY_TYPE.get(kind, {})
    for name, value in changes.items():
        if name not in allowed:
            raise Refusal(
                400,
                "invalidRequest",
                f"The property '{name}' does not exist on type "
                f"'{FIELD_CLASSES.get(kind, 'SP.Field')}' or is read-only.",
                rest_code=CLIENT_QUERY,
            )
        if not isinstance(value, allowed[name]) or (
            isinstance(value, bool) and bool not in allowed[name]
        ):
            raise Refusal(
                400,
                "invalidRequest",
                f"Cannot convert a primitive value to the expected type of '{name}'.",
                rest_code=CLIENT_QUERY,
            )
