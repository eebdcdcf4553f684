"""Codes of plan and apply."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

APPLYING = (
    Explanation(
        "PLAN-STALE",
        title="The plan is out of date",
        meaning="Between the plan and the apply, the file or the site changed, or the day did, which "
        "ends grants. The message names what moved, with the values. Nothing was sent.",
        why="Somebody approved what the old plan says. Apply does exactly that, or nothing.",
        next="Run `provisioner plan --out plan.json`, have that one approved, and apply it. A plan "
        "made with `--prune` or `--allow` is applied with the same.",
    ),
    Explanation(
        "PLAN-UNREADABLE",
        title="This is not a plan of ours",
        meaning="The file given with `--plan` is no JSON, was cut off, or has no digest. Nothing was "
        "sent.",
        next="Make one with `provisioner plan --out plan.json`.",
    ),
    Explanation(
        "PLAN-ALTERED",
        title="The plan was changed after it was made",
        meaning="A plan carries a digest of everything it says. What the file given with `--plan` "
        "says is not what its digest was made of. Each change has a mark of its own, so the message can "
        "say which were altered. Nothing was sent. Another encoding, other spaces and another order of "
        "names are no alteration.",
        why="A plan is what somebody approved; one that was edited is one that nobody approved.",
        next="Make a new plan with `provisioner plan --out plan.json` and have that one approved.",
    ),
    Explanation(
        "STOPPED",
        title="The run was stopped",
        meaning="Somebody pressed Ctrl-C, or a service manager or a pipeline ended the command. "
        "Nothing more was sent. The receipt of an apply, kept on this machine alone, says of each "
        "change whether it was sent; nothing was read back. The lock was laid down; where Microsoft 365 did "
        "not answer in time for that, it ends by itself within two minutes.",
        next="After an apply, `provisioner apply --resume` looks at what is there and goes on. Any "
        "other command is run again as it was.",
    ),
    Explanation(
        "LOCKED",
        title="Another run works on the site",
        meaning="An apply or a detach holds the lock of this site, or is just making it. The message "
        "names the run, the machine and until when. Nothing was sent.",
        why="Two that change one site at once make things twice, and each takes the other's work "
        "for somebody's tampering.",
        next="Wait until it has ended. A lock whose holder is dead is taken over at once on the "
        "machine where it ran, and two minutes after its last sign of life anywhere else. If you "
        "know better, `provisioner apply --break-lock RUN` takes exactly that run's.",
    ),
    Explanation(
        "LOCK-LOST",
        title="The lock was lost on the way",
        meaning="While this run worked, its lock was broken, or could not be renewed for two "
        "minutes: somebody else took it, or Microsoft 365 did not answer. We stopped before the "
        "next requests and left the ledger to the other run. The receipt of this one is kept on "
        "this machine alone.",
        next="Run the same command again: it finds what is done, and names the other run while that works.",
    ),
    Explanation(
        "LOCK-NOT-THAT",
        title="It is another run's lock, or nobody's",
        meaning="`--break-lock` names a run, and breaks the lock of that one alone. Nothing was "
        "broken and nothing sent.",
        next="Run apply without `--break-lock`; if somebody holds the lock, it says who.",
    ),
    Explanation(
        "LOCK-NOT-TAKEN",
        title="The lock could not be written",
        meaning="Before anything is changed, an item in the hidden list ProvisionerLock is written. "
        "That was refused or got no answer.",
        next="Run the same command again. If it stays, the message has Microsoft's words for it.",
    ),
    Explanation(
        "RUN-BETWEEN",
        title="Another run was faster",
        meaning="Between reading the site and taking the lock, another run changed the site and "
        "ended. What was read is not true any more, so nothing was sent.",
        next="Run the same command again: it reads the site anew.",
    ),
    Explanation(
        "SITE-GONE",
        title="The site is not there any more",
        meaning="It was there when the run began. Somebody deleted or moved it on the way.",
        next="Look in the SharePoint admin center under deleted sites. Restore it, then run apply "
        "again.",
    ),
    Explanation(
        "UNDO-CONFLICT",
        title="It has changed since that run",
        meaning="`--undo` puts back what a run changed. This part is neither as that run left it nor "
        "as it was before, so somebody changed it since. Nothing of the undo is done while this "
        "stands.",
        next="Look at it. `--allow ADDRESS` takes it back all the same.",
    ),
    Explanation(
        "UNDO-HOLDS-CONTENT",
        title="It holds what people put there",
        meaning="To take the run back, a list or a column would be removed, and there are rows or "
        "files in it that the run did not make.",
        why="A list goes to the recycle bin with all that is in it; a column's values are gone.",
        next="Move the content, or name the part with `--allow ADDRESS`.",
    ),
    Explanation(
        "UNDO-OTHER-FILE",
        title="The file is not the one of that run",
        meaning="The run changed parts that this file does not have under the same name, such as one "
        "that was renamed. With another file they would be taken for other parts.",
        next="Take the run back with the file as it was then, from version control; after that, plan "
        "and apply the file you want.",
    ),
    Explanation(
        "UNDO-UNFINISHED",
        title="A run was cut off and is not ended",
        meaning="What it did is not recorded yet, so it cannot be told apart from what is to be "
        "taken back.",
        next="Run `provisioner apply --resume`, then the undo.",
    ),
    Explanation(
        "RUN-UNKNOWN",
        title="The ledger knows no such run",
        meaning="A run is taken back from its receipt, and the ledger of this site has none for it.",
        next="`provisioner status` lists the last runs. One that lost its lock has a receipt on the "
        "machine where it ran, and none in the ledger.",
    ),
    Explanation(
        "NOT-CONFIRMED",
        title="Nobody said yes",
        meaning="Apply shows the plan and asks. The answer was no, or there is no terminal to ask "
        "at, as in a job. Nothing was changed.",
        next="In a job, give `--plan` with a plan that was approved, or `--yes` to do without.",
    ),
    Explanation(
        "ADMINISTRATOR-ONLY",
        title="Only an administrator can change this",
        meaning="Whether guests may be invited to a site, and whether links work without signing "
        "in, is set in the SharePoint admin centre. The site is not as the file says. Nothing of "
        "the plan is applied while this stands.",
        why="To go on would leave evidence open to whoever the file says must not see it.",
        next="Have the administrator set it, or write in the file what is there. To accept it until "
        "a day, put the value into deviations.yaml.",
    ),
    Explanation(
        "SITE-CREATE-DENIED",
        title="The app may not make the site",
        meaning="The site is missing, and the app has none of the permissions by which such a site "
        "can be made. We looked at the roles in its own tokens; nothing was sent.",
        next="Grant the app Sites.Create.All on Microsoft Graph. For `create: group` it needs "
        "Group.Create, User.ReadBasic.All and Sites.Manage.All there. Or have an administrator make "
        "the site, grant it to the app, and say `create: never`.",
    ),
    Explanation(
        "LOOKUP-EMPTY",
        title="What had to be looked up is not there",
        meaning="A change needs the id of something, such as the owner of a new site by mail "
        "address, and the answer held none.",
        next="Check the spelling of the name in the message, then run apply again.",
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
    Explanation(
        "NEEDS-ALLOW",
        title="It may lose something, so it has to be named",
        meaning="The change would remove, replace or cut off what people may have put there: a "
        "library with documents in it, a column with values, older versions.",
        why="Somebody should have looked at that one thing, and not at a list of two hundred.",
        next="Look at it on the site. If it is meant, give `--allow ADDRESS` to plan and to apply.",
    ),
    Explanation(
        "UNLIKELY",
        title="So many changes are rarely meant",
        meaning="The plan would change or remove more parts of the site, in number and in share, "
        "than the limits allow. A wrong file, a wrong site or a renamed key looks like that.",
        next="Read the plan. If it is meant, give `--allow updates` or `--allow deletions`. The "
        "limits stand under `safety` in the workspace file.",
    ),
)
