"""Every code that is not a rule of evidence, at length: what it means and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code: what it means, and what to do."""

    code: str
    title: str
    meaning: str
    next: str


_ALL = (
    Explanation(
        "DRIFT-CHANGED",
        "A property was changed on the site",
        "The site no longer says what was last applied, and the file has not changed. Somebody "
        "changed it in SharePoint, or another tool did.",
        "If the change is wanted, write it into the file. If it is to be lived with for a time, accept "
        "it in deviations.yaml with a reason, an approver and an end date. Otherwise apply again.",
    ),
    Explanation(
        "DRIFT-MISSING",
        "Something we made is gone",
        "The ledger says it was there after the last apply, and now it is not.",
        "Look in the site's recycle bin first: lists and rows come back from there with their content. "
        "Apply makes it anew, empty.",
    ),
    Explanation(
        "NOT-APPLIED",
        "The file says more than was applied",
        "The file was changed, or nothing was applied yet.",
        "Run `provisioner plan`, have it approved, and apply it.",
    ),
    Explanation(
        "NOT-ADOPTED",
        "It is as declared, and not yet ours",
        "The site already has it exactly as the file says, but the ledger does not record it.",
        "Apply records it and changes nothing.",
    ),
    Explanation(
        "NO-LONGER-DECLARED",
        "The file dropped it",
        "We made or adopted it once, and the file no longer names it. It stays on the site.",
        "Apply stops watching it. With --prune, what we made is removed; lists go to the recycle bin.",
    ),
    Explanation(
        "UNDECLARED",
        "People added it",
        "It is on the site and not in the file. Views, columns and lists that people add are theirs.",
        "Nothing, unless it should be declared.",
    ),
    Explanation(
        "PEOPLE-EDITED",
        "People edited a value that is theirs to edit",
        "Seed rows are made once and then belong to people. The file still has the first value.",
        "Nothing, or bring the file up to date.",
    ),
    Explanation(
        "CONFLICT",
        "The file and people both changed it",
        "Since the last apply the value was changed in the file and on the site, to different things.",
        "Decide which is right. `apply --allow ADDRESS` takes the file's; else write people's into it.",
    ),
    Explanation(
        "CANNOT-CHANGE-IN-PLACE",
        "SharePoint cannot change this in place",
        "The type of a column and the URL of a list, for example, are fixed when they are made.",
        "Declare it under a new name and move the values, or set the file to what is on the site.",
    ),
    Explanation(
        "PLAN-STALE",
        "The plan is out of date",
        "Between the plan and the apply, the file or the site changed, so its digest no longer fits.",
        "Make a new plan and have that one approved.",
    ),
    Explanation(
        "READ-BACK",
        "It did not read back as it was sent",
        "SharePoint accepted the request and then showed something else.",
        "Run apply again. If it stays, report it with the request id: the service changed.",
    ),
    Explanation(
        "SKIPPED",
        "It was not tried",
        "What it stands on failed, so sending it could not have worked.",
        "Mend the failure that is named and run apply again.",
    ),
    Explanation(
        "AMBIGUOUS",
        "Two things match one address",
        "The ledger's id and the declared URL or title lead to two different objects.",
        "Rename one of them in SharePoint, so that only one can be meant.",
    ),
)

CODES: Mapping[str, Explanation] = MappingProxyType({one.code: one for one in _ALL})
