"""What an application permission lets an app do, in a sentence for the client's administrator.

A permission is written as requests name it: `graph:Sites.Create.All`, or with the role that is
granted on one site behind a stroke, `sharepoint:Sites.Selected/manage`
(learn.microsoft.com, "Overview of Selected permissions in OneDrive and SharePoint").
"""

from __future__ import annotations

RESOURCES = {"graph": "Microsoft Graph", "sharepoint": "SharePoint"}
_ROLES = {
    "read": "read this one site",
    "write": "read and write content of this one site",
    "manage": "make and change lists, columns and views of this one site",
    "fullcontrol": "manage permissions and everything else of this one site",
}
_OTHERS = {
    "Sites.Create.All": "create sites; it gets full control of those it creates and of no other",
    "Sites.FullControl.All": "do everything on every site",
    "Sites.Manage.All": "make and change lists on every site",
    "Group.Create": "create Microsoft 365 groups; it can change only those it owns",
    "Group.Read.All": "read groups and who is in them",
    "Group.ReadWrite.All": "read and change every group",
    "GroupMember.Read.All": "read who is in a group",
    "User.Read.All": "read the names and addresses of people",
    "User.ReadBasic.All": "read the names and addresses of people",
    "TermStore.Read.All": "read the managed terms of the organisation",
    "Mail.Send": "send mail, from the one mailbox it is limited to",
}


def permission_words(permission: str) -> str:
    """The permission in words: "Microsoft Graph: may create sites; …"; itself when unknown."""
    audience, _, name = permission.partition(":")
    base, _, role = name.partition("/")
    resource = RESOURCES.get(audience)
    if resource is None:
        return permission
    means = _ROLES.get(role) if base == "Sites.Selected" else _OTHERS.get(base)
    return f"{resource}: may {means}" if means else f"{resource}: {name}"
