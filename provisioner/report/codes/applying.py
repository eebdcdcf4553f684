"""Codes of plan and apply."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

APPLYING = (
    Explanation(
        "PLAN-STALE",
        title="The plan is out of date",
        meaning="Between the plan and the apply, the file or the site changed, so the digest of the "
        "plan no longer fits. Nothing was sent.",
        why="Somebody approved what the old plan says. Apply does exactly that, or nothing.",
        next="Run `provisioner plan --out plan.json`, have that one approved, and apply it. A plan "
        "made with `--prune` or `--allow` is applied with the same.",
    ),
    Explanation(
        "PLAN-UNREADABLE",
        title="This is not a plan of ours",
        meaning="The file given with `--plan` is not there, is not JSON, or has no digest.",
        next="Make one with `provisioner plan --out plan.json`.",
    ),
    Explanation(
        "NOT-CONFIRMED",
        title="Nobody said yes",
        meaning="Apply shows the plan and asks. The answer was no, or there is no terminal to ask "
        "at, as in a job. Nothing was changed.",
        next="In a job, give `--plan` with a plan that was approved, or `--yes` to do without.",
    ),
    Explanation(
        "CANNOT-CHANGE-IN-PLACE",
        title="SharePoint cannot change this in place",
        meaning="The type of a column, the URL of a list and the base of a content type, for "
        "example, are fixed when they are made. Nothing of the plan is applied while this stands.",
        why="To delete and make it anew would lose what people put in it. We never do that unasked.",
        next="Declare it under a new name and move the values, or set the file to what is on the "
        "site.",
    ),
    Explanation(
        "AMBIGUOUS",
        title="Two things match one address",
        meaning="The object we recorded, and the object that now has the declared URL or title, are "
        "two different ones. Somebody renamed ours, or made another in its place.",
        next="Look at both in SharePoint. Rename one of them, so that only one can be meant, and "
        "plan again.",
    ),
    Explanation(
        "APPLY-INCOMPLETE",
        title="Not everything was done",
        meaning="Some changes failed. The receipt names each, with Microsoft's own words; the rest "
        "was done and stays.",
        next="Mend the first failure, then run apply again. What was done is found on the site and "
        "not repeated.",
    ),
    Explanation(
        "SKIPPED",
        title="It was not tried",
        meaning="What it stands on failed, or the site could not be reached any more, so sending it "
        "could not have worked.",
        next="Mend the failure that is named and run apply again.",
    ),
    Explanation(
        "READ-BACK",
        title="It did not read back as it was sent",
        meaning="SharePoint accepted the request, twice, and then showed something else.",
        why="A change counts as done when the site shows it, not when the service says yes.",
        next="Run apply again. If it stays, report it with the request id: the service changed.",
    ),
    Explanation(
        "CONFLICT",
        title="The file and people both changed it",
        meaning="Since the last apply the value was changed in the file and on the site, to "
        "different things. It is left as it is on the site.",
        next="Decide which is right. `provisioner apply --allow ADDRESS` takes the file's; "
        "otherwise write people's value into the file.",
    ),
)
