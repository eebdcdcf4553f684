"""Codes of which tenant is meant: its host and cloud, and references to the environment and to files."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

TENANT_NAMED = (
    Explanation(
        "HOST-MISMATCH",
        title="An answer leads to a host that is not Microsoft's",
        meaning="A link in an answer, or the place to prove who we are, is on another host than the "
        "one we signed in for. Nothing was sent there.",
        why="Whoever gets a token can act as the app. Ours goes to no host it was not made for.",
        next="Look for a proxy that rewrites answers, and check `cloud` under `tenant:`. If there "
        "is no proxy, report it with the message.",
    ),
    Explanation(
        "CLOUD-UNKNOWN",
        title="There is no such cloud",
        meaning="`cloud` under `tenant:` is not one of Microsoft's clouds, nor the emulator.",
        next="Write one of: emulator, global, usgov, usgov-dod, china.",
    ),
    Explanation(
        "HOSTNAME-MISSING",
        title="The file does not name the SharePoint host",
        meaning="Every tenant has a SharePoint host of its own. The address of the site is a path, "
        "so the host must be said as well.",
        next="Add `hostname: contoso.sharepoint.com` under `tenant:`, with the client's own name. "
        "The browser shows it when a site of theirs is open.",
    ),
    Explanation(
        "HOST-OF-ANOTHER-CLOUD",
        title="The SharePoint host is not of that cloud",
        meaning="Each of Microsoft's clouds has SharePoint hosts of its own: .sharepoint.com, "
        ".sharepoint.us (usgov, which is GCC High), .sharepoint-mil.us (usgov-dod) and .sharepoint.cn "
        "(china). A token goes to no host outside the cloud it was made in, so nothing was sent.",
        next="Correct `hostname` or `cloud` under `tenant:`. GCC, without High, is `global`.",
    ),
    Explanation(
        "HOST-WITHOUT-SITES",
        title="That host of the tenant has no sites",
        meaning="A tenant has three SharePoint hosts: contoso.sharepoint.com with its sites, "
        "contoso-my.sharepoint.com with people's OneDrive, and contoso-admin.sharepoint.com for its "
        "administrators.",
        next="Write the first of them as `hostname` under `tenant:`; the browser shows it when a site "
        "is open.",
    ),
    Explanation(
        "REFERENCE-ENV-MISSING",
        title="An environment variable is not set",
        meaning="The file says `env:NAME`, and there is no variable of that name where the command "
        "runs. A scheduled job does not see what you exported in your own shell.",
        next="Set the variable for the command or the job, or correct the name after `env:`.",
    ),
    Explanation(
        "REFERENCE-FILE",
        title="A file that is referred to cannot be read",
        meaning="The file says `file:PATH`. There is no such file, it may not be read, or it is "
        "larger than 1 MB. A path is read from the folder of the workspace file.",
        next="Check the path and the permissions of the file.",
    ),
)
