"""Codes of a drift check about who can get at what."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

ACCESS = (
    Explanation(
        "ACCESS-EXTRA-GRANT",
        title="A group has access that was not agreed",
        meaning="A SharePoint or directory group may do more than the file says, in the site, a "
        "library or list, a folder, a file or a row: a grant of its own, or a higher permission "
        "level. For a folder, file or row without `permissions` in the file, it may do more there "
        "than in what it lies in.",
        why="Everybody in the group can read or change evidence, and membership changes without "
        "anybody looking at the library.",
        next="Find out who gave it and why. Where the file has `permissions`, apply takes it away; "
        "elsewhere take it away under Manage access. If it is right, add it to `grants`, with "
        "`until` where it ends.",
    ),
    Explanation(
        "ACCESS-DIRECT-USER",
        title="A person was given access by name",
        meaning="One person was given something which the file does not give them, in the site, a "
        "library or list, a folder, a file or a row. Access is meant to come from groups.",
        why="When people change jobs, their groups change with them. A grant by name stays, and no "
        "access review finds it.",
        next="Put the person into the right group, then apply, which takes the grant away where the "
        "file has `permissions`; elsewhere do so under Manage access. If it has to be, write it "
        "into `grants` with an `until` date.",
    ),
    Explanation(
        "ACCESS-GUEST",
        title="Somebody of another organisation has access",
        meaning="A guest has a grant of their own, or is a member of a group that is not meant for "
        "guests.",
        why="Evidence holds what attackers look for. Who outside can read it is among the first "
        "things an auditor asks.",
        next="Apply takes away a grant, and a member of a group whose `members` the file names; "
        "from any other group take them out in SharePoint. If they should stay, name them in the "
        "file, or write `guests: true` for a group made for them, such as the auditor's people.",
    ),
    Explanation(
        "ACCESS-MISSING-GRANT",
        title="Access that was agreed is not there",
        meaning="The file gives somebody a permission level, in the site or in a part of it, and "
        "they do not have it. Most often somebody took it away.",
        why="Owners cannot file, or auditors cannot read, on the day it matters.",
        next="Run `provisioner apply` to give it back, or take it out of `grants` or `role`.",
    ),
    Explanation(
        "ACCESS-PAST-END",
        title="Access was to end and is still there",
        meaning="A grant in the file has an `until` day which has passed, and the site still has "
        "it. It ends when apply runs, not by itself.",
        why="Access for the length of an audit is often forgotten afterwards.",
        next="Run `provisioner apply`, which takes it away. If it is still needed, have a new "
        "`until` agreed and written into the file.",
    ),
    Explanation(
        "ACCESS-INHERITANCE",
        title="Something no longer inherits its permissions",
        meaning="A library, list, folder, file or row has permissions of its own, and the file lets "
        "it inherit. For what lies inside a library this is a warning: nobody can do more there "
        "than around it, or that would be the finding.",
        why="What stands apart is in no review of the site: who is let in or taken out later is not, "
        "there.",
        next="Where the file says `permissions: {inherit: true}`, run `provisioner apply`. Where it "
        "says nothing, write that, or the grants you want; for a file, choose Manage access, "
        "Advanced and Delete unique permissions in SharePoint.",
    ),
    Explanation(
        "ACCESS-INHERITS-AGAIN",
        title="Something restricted inherits again",
        meaning="The file has grants for a library, list, folder or row, and somebody made it "
        "inherit from what it lies in.",
        why="Everybody who may open the site may now open what was meant for a few.",
        next="Run `provisioner apply`, which restricts it again. If it should be open, write "
        "`permissions: {inherit: true}`.",
    ),
    Explanation(
        "ACCESS-SHARING-LINK",
        title="A file or folder was shared by a link",
        meaning="Somebody used Share in a library of the workspace, with a link for the whole "
        "organisation or for people they named.",
        why="Whoever the link is for gets in past all groups.",
        next="Open the file that is named in SharePoint, then Manage access and Links, and remove "
        "the link. Apply leaves links to people. One that is to stay for a time is accepted in "
        "`deviations.yaml`.",
    ),
    Explanation(
        "ACCESS-ANONYMOUS-LINK",
        title="A file or folder is open to anyone with a link",
        meaning="Somebody used Share in a library of the workspace and chose Anyone with the link.",
        why="It needs no sign-in, so nobody can say who has read the evidence, and the link can be "
        "passed on.",
        next="Open the file that is named in SharePoint, then Manage access and Links, and remove "
        "the link; apply leaves links to people. Then have an administrator set the sharing of the "
        "site so that such links cannot be made.",
    ),
    Explanation(
        "ACCESS-MEMBER",
        title="Somebody is in a group who was not agreed",
        meaning="The file names the members of the group, and somebody else is in it as well.",
        why="A member has all that the group is granted, everywhere in the site.",
        next="Find out who added them. Apply takes them out. If they belong there, add them to "
        "`members`; leave `members` out where people are to decide.",
    ),
    Explanation(
        "ACCESS-ADMINISTRATOR",
        title="The site has a new administrator",
        meaning="Somebody is an administrator of the site collection who was none when the file was "
        "first applied.",
        why="Administrators may do everything everywhere in the site, whatever the grants say, and "
        "can change the permissions themselves.",
        next="Find out who made them one and until when. Take it away under Site permissions, "
        "Advanced, Site collection administrators. If it is right, accept it in `deviations.yaml` "
        "with an `expires` date.",
    ),
    Explanation(
        "ACCESS-CLOSED-PERIOD",
        title="Closed evidence can be changed",
        meaning="`period close` made this document read-only for everybody, and somebody may do more "
        "than read it now.",
        why="What an auditor was given must stay as it was.",
        next="Take the level away from the document, or run `provisioner period reopen` if the "
        "period shall be open.",
        severity="error",
    ),
    Explanation(
        "ACCESS-CLOSED-INHERITS",
        title="Closed evidence inherits its permissions again",
        meaning="`period close` gave this document permissions of its own, by which everybody may only "
        "read it. Somebody let it inherit again, so whoever may write in its library may change it.",
        why="What an auditor was given must stay as it was.",
        next="Compare its version history with the package of the period. Then run `provisioner period "
        "reopen` and `provisioner period close`, which makes it read-only again.",
        severity="error",
    ),
    Explanation(
        "CLOSED-EVIDENCE-GONE",
        title="Evidence of a closed period is gone",
        meaning="`period close` made a document read-only, and its library does not hold it any more. The "
        "number in the address is the one it had there. Administrators of the site can still delete.",
        why="It can be asked for as long as the report is in use, and the package has only a copy.",
        next="Look in the site's recycle bin, which keeps it for 93 days. The package of the period has "
        "its content and its SHA-256.",
        severity="error",
    ),
)
