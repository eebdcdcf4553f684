"""Codes of the auditor's package, made and checked, and of exports filed as evidence."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

PACKAGES = (
    Explanation(
        "PERIOD-UNKNOWN",
        title="The site has no such audit period",
        meaning="The name given is not on the list Audit Periods, or is there more than once. Upper "
        "and lower case do not matter.",
        next="Copy the name from the list; the message names those that are there.",
    ),
    Explanation(
        "PACKAGE-INCOMPLETE",
        title="The package would lack something",
        meaning="A document was judged sound and then was gone, changed, or could not be read whole; "
        "or a library or the ledger is not as it should be. Each is named. No package was written.",
        why="A package that silently lacks evidence is worse than none: the auditor would sample from "
        "less than there is.",
        next="Run the command again; what was downloaded is kept. A deleted document comes back from the "
        "recycle bin, or a waiver of EVIDENCE-GONE accepts that it does not. If something cannot be had, "
        "`--partial` makes the package, which then says in its manifest, index and README what it lacks.",
    ),
    Explanation(
        "PACKAGE-BEING-MADE",
        title="Another run is making this package",
        meaning="A run on this machine works in the folder in which the files of this package are kept "
        "until it is whole.",
        why="Two runs would take each other's files away.",
        next="Wait until it has ended, or give another name with `--out`. The folder is free again as "
        "soon as the other run ends, even when it is killed.",
    ),
    Explanation(
        "PACKAGE-FORMAT-UNKNOWN",
        title="A later version made the package",
        meaning="Its manifest names another form than `provisioner/v1`, so this version cannot say "
        "whether it is whole.",
        next="Update the provisioner, at least to the version the package was made with.",
    ),
    Explanation(
        "PACKAGE-UNREADABLE",
        title="The package is no whole ZIP",
        meaning="The file was cut off while it was copied, or its directory was altered, so nothing "
        "in it can be trusted.",
        next="Copy it again from where it was made, and compare the sizes.",
    ),
    Explanation(
        "PACKAGE-MANIFEST-ALTERED",
        title="The manifest of the package is another one",
        meaning="It is missing, was altered, or is not the one whose digest was given with "
        "`--digest`.",
        why="The manifest says what belongs in the package; who can change it can hide anything else.",
        next="Ask for the package again, and for its digest by another way.",
    ),
    Explanation(
        "PACKAGE-FILE-ALTERED",
        title="A file in the package was altered",
        meaning="Its bytes do not give the SHA-256 that the manifest has for it. One flipped bit is "
        "enough.",
        next="Do not rely on the file. Copy the package again from where it was made.",
    ),
    Explanation(
        "PACKAGE-FILE-MISSING",
        title="A file was taken out of the package",
        meaning="The manifest names it and the package does not have it.",
        next="Copy the package again from where it was made.",
    ),
    Explanation(
        "PACKAGE-FILE-ADDED",
        title="A file does not belong in the package",
        meaning="The package holds a file its manifest does not name, one name twice, or a name that "
        "would be unpacked outside the folder.",
        next="Do not unpack it. Copy the package again from where it was made.",
    ),
    Explanation(
        "PACKAGE-FILE-RENAMED",
        title="A file in the package was renamed",
        meaning="Its bytes are those the manifest has under another name.",
        why="A name says which item of evidence a file is for.",
        next="Copy the package again from where it was made.",
    ),
    Explanation(
        "PACKAGE-INDEX-DIFFERS",
        title="Index and manifest do not say the same",
        meaning="The evidence index, SHA256SUMS and the manifest name the same files with the same "
        "digests when a package is made. Here they do not, so one of them was replaced.",
        next="Ask for the package again, and for its digest by another way.",
    ),
    Explanation(
        "PACKAGE-CONTAINER-ALTERED",
        title="The ZIP around the files was altered",
        meaning="Every file is as it was, but bytes between or after them are not: dates, rights, "
        "names in the headers, compression, or something put in front or behind.",
        next="The evidence itself holds. Ask for the package again if it has to be exactly as made.",
    ),
    Explanation(
        "ITEM-UNKNOWN",
        title="The catalogue has no such item",
        meaning="`--item` must be an id in the list Expected Evidence, and the workspace file must "
        "declare it, for that says which library it belongs in.",
        next="Copy the id from the list. `provisioner apply` adds what the file declares.",
    ),
    Explanation(
        "PART-UNKNOWN",
        title="The item is not judged for such a part",
        meaning="An item that applies to several systems or vendors is judged for each alone, so the "
        "document must name one of them, exactly.",
        next="Give `--part` one of those the message names.",
    ),
    Explanation(
        "EVIDENCE-EXISTS",
        title="A file of that name with other content is there",
        meaning="Nothing was sent. A new version of a file that was approved takes its approval away, "
        "so it is made only on request.",
        next="Put the date into the file's name, or use `--name`. `--replace` makes a new version.",
    ),
    Explanation(
        "EVIDENCE-FACTS-DIFFER",
        title="The file is filed with other facts",
        meaning="The content is the same, and a column says something else than what was given. "
        "Somebody may have corrected it, so nothing was sent.",
        next="Correct what is given, or use `--replace` if it shall stand.",
    ),
    Explanation(
        "EVIDENCE-NOT-FILED",
        title="Microsoft 365 did not take the file or its facts",
        meaning="The message has what it answered: a name SharePoint does not allow, a file that is "
        "checked out, no room, or somebody who saved at the same moment.",
        next="Put that right and run the command again; what is there already is not sent twice.",
    ),
    Explanation(
        "EVIDENCE-TOO-LARGE",
        title="The file is larger than one upload may be",
        meaning="Microsoft Graph takes up to 250 MB in one request.",
        next="Upload it in the browser and fill in its columns, or split the export.",
    ),
)
