"""Codes about libraries and lists: default values, and changes that are held back."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

LISTS = (
    Explanation(
        "DEFAULT-COLUMN",
        title="Default value of a column that is not there",
        meaning="`defaults` of a library or folder names a column that neither the library nor its "
        "content types declare, or one whose type the file does not say.",
        next="Use the `name` of a column, not its title. A column of SharePoint's own cannot have a "
        "default value here.",
    ),
    Explanation(
        "DEFAULT-VALUE",
        title="A column cannot have this default value",
        meaning="The value in `defaults` does not fit the type of the column: a text where a number "
        "is kept, a word that is none of the choices, or any value for a person, a link, a term, or "
        "a column that holds several choices.",
        why="SharePoint stores whatever it is given and then leaves the column of new documents "
        "empty, so nobody would notice.",
        next="Correct the value at the line that is named.",
    ),
    Explanation(
        "DEFAULTS-NOT-ACTIVE",
        title="Default values that are not in use yet",
        meaning="The library has its default values, and the part of SharePoint that puts them onto "
        "new documents is not switched on for it. Since September 2026 SharePoint lets no program "
        "switch it on, only its own settings page.",
        why="New documents arrive without the values the file promises, and evidence without its "
        "control area is not found.",
        next='Once for each library, somebody who manages it opens its settings, then "Column '
        'default value settings", and saves one of the values there again. The next drift check '
        "no longer shows this.",
    ),
    Explanation(
        "TEMPLATE-FILE",
        title="The template of a content type cannot be used",
        meaning="`template` names a file beside the workspace file that cannot be read, is empty, or "
        "is larger than 4 MB.",
        next="Check the path: after `file:` it is read from the folder of the workspace file.",
    ),
    Explanation(
        "LABEL-NOT-PUBLISHED",
        title="A retention label is not published to the site",
        meaning="A library or list is to have a retention label by default that the site does not "
        "offer. SharePoint refuses a label that Microsoft Purview has not published there.",
        next="Publish the label in Purview (Solutions, Records management, Label policies) to this "
        "site, which may take a day to arrive; or write one of the names that the message gives.",
    ),
    Explanation(
        "CHANGE-HELD",
        title="A change that needs your word",
        meaning="The file asks for something that works and breaks what people rely on: another "
        "address of a library or list. Links in mails, bookmarks and other systems end nowhere "
        "afterwards.",
        next="Give `--allow` with the address that is named if you mean it. Otherwise set `url` back "
        "to what the site has; the title can change without it.",
    ),
)
