"""The columns every list and library has from the start.

Ids and internal names are the same in every tenant (SharePoint's `SPBuiltInFieldId`,
learn.microsoft.com/dotnet/api/microsoft.sharepoint.spbuiltinfieldid); titles follow the language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Where = Literal["both", "list", "library"]


@dataclass(frozen=True, slots=True)
class Builtin:
    """One built-in column. `read_only` and `hidden` are as a custom list shows them."""

    id: str
    name: str
    title: str
    type: str
    where: Where = "both"
    read_only: bool = False
    hidden: bool = False
    required: bool = False
    sealed: bool = False


TITLE = "fa564e0f-0c70-4ab9-b863-0177e6ddd247"
FILE_LEAF_REF = "8553196d-ec8d-4564-9861-3dbe931050c8"
CONTENT_TYPE = "c042a256-787d-4a6f-8a8a-cf6ab767f12d"

BUILTIN_FIELDS = (
    Builtin(
        "03e45e84-1992-4d42-9116-26f756012634",
        "ContentTypeId",
        "Content Type ID",
        "ContentTypeId",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
    Builtin(TITLE, "Title", "Title", "Text", required=True),
    Builtin(FILE_LEAF_REF, "FileLeafRef", "Name", "File", required=True, hidden=False),
    Builtin(
        "34ad21eb-75bd-4544-8c73-0e08330291fe",
        "_ModerationComments",
        "Approver Comments",
        "Note",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
    Builtin("1d22ea11-1e32-424e-89ab-9fedbadb6ce1", "ID", "ID", "Counter", read_only=True),
    Builtin(CONTENT_TYPE, "ContentType", "Content Type", "Computed", sealed=True),
    Builtin(
        "28cf69c5-fa48-462a-b5cd-27b6f9d2bd5f", "Modified", "Modified", "DateTime", read_only=True
    ),
    Builtin(
        "8c06beca-0777-48f7-91c7-6da68bc07b69", "Created", "Created", "DateTime", read_only=True
    ),
    Builtin("1df5e554-ec7e-46a6-901d-d85a3881cb18", "Author", "Created By", "User", read_only=True),
    Builtin(
        "d31655d1-1d5b-4511-95a1-7a09e9b75bf2", "Editor", "Modified By", "User", read_only=True
    ),
    Builtin(
        "d4e44a66-ee3a-4d02-88c9-4ec5ff3f4cd5",
        "owshiddenversion",
        "owshiddenversion",
        "Integer",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
    Builtin(
        "7841bf41-43d0-4434-9f50-a673baef7631",
        "_UIVersion",
        "UI Version",
        "Integer",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
    Builtin(
        "dce8262a-3ae9-45aa-aab4-83bd75fb738a",
        "_UIVersionString",
        "Version",
        "Text",
        read_only=True,
        sealed=True,
    ),
    Builtin(
        "67df98f4-9dec-48ff-a553-29bece9c5bf4",
        "Attachments",
        "Attachments",
        "Attachments",
        where="list",
    ),
    Builtin(
        "fdc3b2ed-5bf2-4835-a4bc-b885f3396a61",
        "_ModerationStatus",
        "Approval Status",
        "ModStat",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
    Builtin(
        "503f1caa-358e-4918-9094-4a2cdc4bc034",
        "Edit",
        "Edit",
        "Computed",
        read_only=True,
        sealed=True,
    ),
    Builtin(
        "bc91a437-52e7-49e1-8c4e-4698904b2b6d",
        "LinkTitleNoMenu",
        "Title",
        "Computed",
        read_only=True,
        sealed=True,
    ),
    Builtin(
        "82642ec8-ef9b-478f-acf9-31f7d45fbc31",
        "LinkTitle",
        "Title",
        "Computed",
        read_only=True,
        sealed=True,
    ),
    Builtin(
        "ae069f25-3ac2-4256-b9c3-15dbc15da0e0",
        "GUID",
        "GUID",
        "Guid",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
    Builtin(
        "94f89715-e097-4e8b-ba79-ea02aa8b7adb",
        "FileRef",
        "URL Path",
        "Lookup",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
    Builtin(
        "56605df6-8fa1-47e4-a04c-5b384d59609f",
        "FileDirRef",
        "Path",
        "Lookup",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
    Builtin(
        "30bb605f-5bae-48fe-b4e3-1f81d9772af9",
        "FSObjType",
        "Item Type",
        "Lookup",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
    Builtin(
        "4b7403de-8d94-43e8-9f0f-137a3e298126",
        "UniqueId",
        "Unique Id",
        "Lookup",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
    Builtin(
        "39360f11-34cf-4356-9945-25c44e68dade",
        "File_x0020_Type",
        "File Type",
        "Text",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
    Builtin(
        "b824e17e-a1b3-426e-aecf-f0184d900485",
        "ItemChildCount",
        "Item Child Count",
        "Lookup",
        read_only=True,
        sealed=True,
    ),
    Builtin(
        "960ff01f-2b6d-4f1b-9c3f-e19ad8927341",
        "FolderChildCount",
        "Folder Child Count",
        "Lookup",
        read_only=True,
        sealed=True,
    ),
    Builtin(
        "081c6e4c-5c14-4f20-b23e-1a71ceb6a67c",
        "DocIcon",
        "Type",
        "Computed",
        read_only=True,
        sealed=True,
    ),
    Builtin(
        "3881510a-4e4a-4ee8-b102-8ee8e2d0dd4b",
        "CheckoutUser",
        "Checked Out To",
        "User",
        where="library",
        read_only=True,
        sealed=True,
    ),
    Builtin(
        "9d30f126-ba48-446b-b8f9-83745f322ebe",
        "LinkFilenameNoMenu",
        "Name",
        "Computed",
        where="library",
        read_only=True,
        sealed=True,
    ),
    Builtin(
        "5cc6dc79-3710-4374-b433-61cb4a686c12",
        "LinkFilename",
        "Name",
        "Computed",
        where="library",
        read_only=True,
        sealed=True,
    ),
    Builtin(
        "78a07ba4-bda8-4357-9e0f-580d64487583",
        "FileSizeDisplay",
        "File Size",
        "Computed",
        where="library",
        read_only=True,
        sealed=True,
    ),
    Builtin(
        "8fca95c0-9b7d-456f-8dae-b41ee2728b85",
        "File_x0020_Size",
        "File Size",
        "Lookup",
        where="library",
        read_only=True,
        hidden=True,
        sealed=True,
    ),
)


def builtin_fields(*, library: bool) -> list[Builtin]:
    """The built-in columns of a library or of a list."""
    side = "library" if library else "list"
    return [field for field in BUILTIN_FIELDS if field.where in ("both", side)]


# Names a new column may not take (the column rules of Microsoft's container metadata page name
# Author, Created and Description as examples of reserved names).
RESERVED_NAMES = frozenset(
    {field.name.lower() for field in BUILTIN_FIELDS}
    | {"description", "name", "type", "size", "version", "path", "order", "metainfo", "permmask"}
)
