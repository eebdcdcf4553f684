"""Codes of a drift check: what differs between the file and the site."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

DRIFT = (
    Explanation(
        "DRIFT-CHANGED",
        title="A property was changed on the site",
        meaning="The site no longer says what was last applied, and the file has not changed. "
        "Somebody changed it in SharePoint, or another tool did.",
        why="Auditors rely on the workspace being as it was agreed. A change nobody wrote down has "
        "to be explained later.",
        next="If the change is wanted, write it into the file. If it is to be lived with for a "
        "time, accept it in `deviations.yaml` with a reason, an approver and an end date. Otherwise "
        "run `provisioner apply`.",
    ),
    Explanation(
        "DRIFT-MISSING",
        title="Something we made is gone",
        meaning="The ledger says it was there after the last apply, and now it is not.",
        why="A deleted library takes its evidence with it, and the recycle bin keeps it for 93 days "
        "only.",
        next="Look in the site's recycle bin first: lists and rows come back from there with their "
        "content. Apply makes it anew, empty.",
    ),
    Explanation(
        "NOT-APPLIED",
        title="The file says more than was applied",
        meaning="The file was changed since the last apply, or nothing was applied yet. The site is "
        "not at fault.",
        next="Run `provisioner plan`, have it approved, and apply it.",
    ),
    Explanation(
        "NOT-ADOPTED",
        title="It is as declared, and not yet ours",
        meaning="The site already has it exactly as the file says, but the ledger does not record "
        "it.",
        next="Run `provisioner apply`: it records it and changes nothing.",
    ),
    Explanation(
        "NO-LONGER-DECLARED",
        title="The file dropped it",
        meaning="We made or adopted it once, and the file no longer names it. It stays on the site.",
        next="Apply stops watching it. With `--prune`, what we made is removed; lists go to the "
        "recycle bin. If it was dropped by mistake, put it back into the file.",
    ),
    Explanation(
        "UNDECLARED",
        title="People added it",
        meaning="It is on the site and not in the file. Views, columns and lists that people add "
        "are theirs, and are never touched.",
        next="Nothing, unless it should be declared.",
    ),
    Explanation(
        "PEOPLE-EDITED",
        title="People edited a value that is theirs to edit",
        meaning="Starting rows are made once and then belong to people, and so do descriptions "
        "they edit. The file still has the first value.",
        next="Nothing, or bring the file up to date.",
    ),
    Explanation(
        "SET-BY-HAND",
        title="A regional setting differs, and only people can change it",
        meaning="The file says a time zone, a country's formats, a first day of the week or a clock "
        "that the site has not. A new site takes these from its tenant, and no request that "
        "Microsoft supports changes them.",
        why="The time zone decides which day it is for the site, and with it what is due.",
        next="Open Site settings, Regional settings, and choose there what the file says; or write "
        "in the file what is there.",
    ),
    Explanation(
        "NOTHING-TO-ACCEPT",
        title="There is no such difference to accept",
        meaning="`accept` writes down the value that stands on the site now, so there must be a "
        "difference in a property at that address. What is missing or not applied has no value.",
        next="Run `provisioner drift` and take address and path from there. What the site need "
        "not have goes out of the file instead.",
    ),
    Explanation(
        "DEVIATION-OUTLIVED",
        title="A difference was accepted at an undeclared address",
        meaning="`deviations.yaml` accepts a difference at an address that no file of the workspace "
        "declares, so it accepts nothing. Plan and drift say so with the line; nothing fails.",
        why="If that address is ever declared again, the old entry would accept a difference that "
        "nobody has looked at.",
        next="Take the entry out of deviations.yaml, or correct its address where what it is about "
        "got another name.",
    ),
    Explanation(
        "DEVIATION-BY-HAND",
        title="deviations.yaml cannot take another entry",
        meaning="`accept` adds lines, or puts lines in the place of others, and leaves every other byte "
        "as people wrote it. This file is in brackets, ends with `...`, or one entry stands on what "
        "another says (an anchor), so that does not go. The file is as it was.",
        next="Write by hand what the message shows, or write the file as a list with a dash for each.",
    ),
)
