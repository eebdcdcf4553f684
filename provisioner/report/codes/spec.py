"""Codes of what a workspace file says: its keys, values and names."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

SPEC = (
    Explanation(
        "BRANDING-CONTRAST",
        title="The firm's colour cannot be read",
        meaning="`branding.color` stands behind white words and in links on a light page. Its contrast "
        "with them is below 4.5 to 1, the least that WCAG 2.2 asks of text at level AA.",
        why="A report that part of its readers cannot read is not delivered to them.",
        next="Take the darker shade the message names, or another colour of the firm.",
    ),
    Explanation(
        "BRANDING-LOGO",
        title="The firm's logo cannot be used",
        meaning="`branding.logo` names a file that is not there or cannot be read, is no PNG or JPEG, "
        "or has more than 200,000 bytes. It is carried inside every page, so that a page needs "
        "nothing from a network.",
        next="Check the name: a file is looked for beside the file that names it. Save a large "
        "picture smaller; it is shown 40 pixels high.",
    ),
    Explanation(
        "REPORTS-EVIDENCE",
        title="Reports would lie among the evidence",
        meaning="`reports.library` names a library that items of the catalogue name too. Every document "
        "there is judged, so each report would be flagged as one that answers no item.",
        next="Name a library that holds no evidence, such as `readiness-reports` of the packs.",
    ),
    Explanation(
        "REPORTS-LIBRARY",
        title="There is no place for reports on the site",
        meaning="The library that `reports` names is not on the site, or the site has no ledger, "
        "which knows the reports of ours from the files of people.",
        next="Run `provisioner apply`. Without `reports:` in the file nothing is put on the site.",
    ),
    Explanation(
        "REPORTS-NOT-SAID",
        title="The file does not say where reports go",
        meaning="`report --upload` puts reports into the library that `reports.library` names, and the "
        "workspace file names none.",
        next="Add `reports: {library: KEY}` with the key of a declared library, or leave "
        "--upload out and take the files from the folder.",
    ),
    Explanation(
        "SITE-LOGO",
        title="The logo cannot be used",
        meaning="`logo: file:…` names a picture beside the workspace file. It is not there, cannot be "
        "read, is empty, or is larger than 4 MB.",
        next="Check the name: it is read from the folder of the workspace file. Make a large picture "
        "smaller; a logo is shown at 64 pixels.",
    ),
    Explanation(
        "SITE-OTHER-HOST",
        title="This is on another host than the site",
        meaning="The hub and the logo of a site are on the same SharePoint host as the site itself. "
        "The address in the file names another host.",
        next="Write the path on the site's own host, such as /sites/compliance, or take the address "
        "of something that is there.",
    ),
    Explanation(
        "SPEC-UNKNOWN-KEY",
        title="This key is not known here",
        meaning="A key is misspelt, or stands in the wrong place. Everything a file says is done or "
        "refused; nothing is passed over.",
        why="A misspelt key that is quietly ignored is a permission or a retention nobody set.",
        next="Take one of the keys the message lists. Check the indentation: the key may belong one "
        "level up or down. `provisioner schema` gives editors the names.",
    ),
    Explanation(
        "SPEC-MISSING",
        title="Something that is needed is not there",
        meaning="The part at this place cannot do without the key that the message names.",
        next="Add it. The message says what it is for.",
    ),
    Explanation(
        "SPEC-TYPE",
        title="A value is of the wrong sort",
        meaning="A list stands where a text belongs, a number where a map belongs, or the like. "
        "Words such as yes, on and 1.0 are no text unless they are in quotes.",
        next="Put it in quotes if it is text. Start each thing of a list with `- `.",
    ),
    Explanation(
        "SPEC-VALUE",
        title="A value is not one that is allowed",
        meaning="It is of the right sort, and still cannot be: a word that is not one of the "
        "choices, a date that does not exist, a number out of range, or keys that contradict each "
        "other.",
        next="Take one of the values the message lists, or the form it shows.",
    ),
    Explanation(
        "SPEC-REFERENCE",
        title="Something is named that is not declared",
        meaning="A part refers to another, such as a content type to a column or a grant to a "
        "group, and the workspace has none of that name.",
        next="Correct the name, or declare what is missing. If a pack had it, look for a "
        "`remove: true` that took it away.",
    ),
    Explanation(
        "SPEC-TWICE",
        title="The same thing is declared twice",
        meaning="Two parts of the file, perhaps in two packs, make the same address.",
        next="Remove one, or give one another name. The message names the place of the first.",
    ),
)
