"""Codes of a drift check about who can get at what."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

ACCESS = (
    Explanation(
        "ACCESS-EXTRA-GRANT",
        title="A group has access that was not agreed",
        meaning="On the site, a SharePoint or directory group may do more in a list or library than "
        "the file says: a grant of its own, or a higher permission level.",
        why="Everybody in the group can read or change evidence, and membership changes without "
        "anybody looking at the library.",
        next="Find out who gave it and why. Apply takes it away. If it is right, add it to `grants` "
        "under `permissions:` of the list, with `until` where it ends.",
    ),
    Explanation(
        "ACCESS-DIRECT-USER",
        title="A person was given access by name",
        meaning="A list or library grants something to one person which the file does not. Access "
        "is meant to come from groups.",
        why="When people change jobs, their groups change with them. A grant by name stays, and no "
        "access review finds it.",
        next="Put the person into the right group, then apply, which takes the grant away. If it "
        "has to be, write it into `grants` with an `until` date.",
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
        meaning="The file gives somebody a permission level in a list or library, and on the site "
        "they do not have it. Most often somebody took it away.",
        why="Owners cannot file, or auditors cannot read, on the day it matters.",
        next="Run `provisioner apply` to give it back, or take it out of `grants`.",
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
        title="A list no longer takes its permissions as agreed",
        meaning="Either the file has grants for the list and somebody made it inherit from the site "
        "again, or the file lets it inherit and somebody gave it permissions of its own.",
        why="Inheriting may open a restricted library to everybody in the site. Permissions of its "
        "own hide a list from every review of the site.",
        next="Where the file has `permissions` for the list, run `provisioner apply`. Where it has "
        "none, write `permissions: {inherit: true}` to have apply restore it, or the grants you want.",
    ),
    Explanation(
        "ACCESS-SHARING-LINK",
        title="A file or folder was shared by a link",
        meaning="Somebody used Share in a library of the workspace. A link that anyone may use is "
        "an error; one for the organisation or for named people is a warning.",
        why="Whoever has the link gets in past all groups, and a link for anyone needs no sign-in "
        "at all.",
        next="Open the file that is named in SharePoint, then Manage access and Links, and remove "
        "the link. Apply leaves links to people. One that is to stay for a time is accepted in "
        "`deviations.yaml`.",
    ),
)
