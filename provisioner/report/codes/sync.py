"""Codes of sync: its own failures, and the rules of evidence as their table words them."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation
from provisioner.sync.rules import TABLE

SYNC = (
    Explanation(
        "WORKSPACE-NOT-APPLIED",
        title="There is nothing to judge yet",
        meaning="Libraries or lists that sync reads, such as Expected Evidence, are not on the "
        "site. They were never made, or somebody deleted them.",
        next="Run `provisioner drift` to see what is missing. Look in the recycle bin for what was "
        "deleted, then run `provisioner apply`.",
    ),
    Explanation(
        "DELTA-INCOMPLETE",
        title="Microsoft 365 stopped in the middle of a library",
        meaning="Documents are read as changes since the last time. The answer ended without the "
        "mark that says it is complete.",
        why="Judging half a library would report evidence as missing that is there. So nothing is "
        "judged.",
        next="Run `provisioner sync` again.",
    ),
    Explanation(
        "FIELD-REFUSED",
        title="SharePoint did not take a value of a row",
        meaning="The request was accepted, and one of its fields was refused, with a reason of "
        "SharePoint's own. Often a column was changed by hand, or a choice is missing.",
        next="Run `provisioner drift` to find the changed column, `provisioner apply` to mend it, "
        "and then sync again.",
    ),
)
RULES = tuple(
    Explanation(
        one.code,
        title=one.title,
        meaning=one.meaning,
        next=one.next,
        why=one.why,
        severity=one.severity.value,
    )
    for one in TABLE
)
