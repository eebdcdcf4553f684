"""Codes of what Microsoft 365 answers, or does not."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

MICROSOFT = (
    Explanation(
        "UNREACHABLE",
        title="Microsoft 365 cannot be reached",
        meaning="No connection to Graph or SharePoint could be made: no network, a name that is not "
        "found, a proxy, or a certificate we do not trust. Nothing was sent.",
        next="Check the network and `hostname` under `tenant:`. Behind a proxy set HTTPS_PROXY, and "
        "SSL_CERT_FILE if it opens TLS. Then run the command again.",
    ),
    Explanation(
        "CA-UNREADABLE",
        title="The file with the CA cannot be used",
        meaning="SSL_CERT_FILE, REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE, the first of them that is set, "
        "names a file that is not there or that holds no certificate, so no server could be "
        "trusted. Nothing was sent.",
        next="Behind a proxy that opens TLS, ask whoever runs it for the certificate of its CA as a "
        "PEM file. Without one, unset the variable.",
    ),
    Explanation(
        "NO-ANSWER",
        title="No answer came",
        meaning="A request was sent and the connection was lost, or Microsoft's own service gave up, "
        "before we heard what became of it. If it was a change, it may or may not be done.",
        why="To send it again blindly could make a second list or row. So we look first.",
        next="Run the same command again. It reads the site, finds what is there, and does only "
        "what is missing.",
    ),
    Explanation(
        "NOT-SENT",
        title="A change was not sent",
        meaning="The connection could not be used, so Microsoft never received this change. The "
        "site is as it was.",
        next="Mend the connection the message speaks of and run the command again.",
    ),
    Explanation(
        "THROTTLED",
        title="Microsoft 365 is too busy",
        meaning="The service asked us to slow down (HTTP 429 or 503). We waited as long as it asked "
        "for, until our own limit for one request was reached.",
        why="The limits count per app and tenant. Other jobs of the same app use them up too.",
        next="Run the command again later, best outside office hours. What is already done is not "
        "done twice.",
    ),
    Explanation(
        "NOT-READY",
        title="What was just made is still being set up",
        meaning="Microsoft 365 makes sites in the background. It knows of this one, and still "
        "answers that it is not finished.",
        next="Wait a few minutes and run the same command again; it goes on from there.",
    ),
    Explanation(
        "OPERATION-FAILED",
        title="Microsoft 365 accepted it and then failed",
        meaning="Some changes, such as a new site, run in the background. This one was taken, began, "
        "and ended with a failure.",
        next="Run `provisioner plan` to see what is there, then apply again. If it fails the same "
        "way, give the request id to Microsoft's support.",
    ),
    Explanation(
        "DEPENDENCY-FAILED",
        title="Not sent, because the change before it failed",
        meaning="Changes that build on each other travel together and in order. An earlier one "
        "failed, so this one was never tried.",
        next="Look for the first failure in the receipt: only that one needs mending. Then apply "
        "again.",
    ),
    Explanation(
        "REQUEST-INVALID",
        title="Microsoft 365 cannot understand the request",
        meaning="It answered HTTP 400 when we read something. That is a fault of ours, or the "
        "service has changed.",
        next="Report it with the message and the request id.",
    ),
    Explanation(
        "NOT-FOUND",
        title="Microsoft 365 does not find it",
        meaning="Something that has to be there to be read answers HTTP 404. Most often somebody "
        "deleted it between two of our requests.",
        next="Run the command again. If it stays, report it with the request id.",
    ),
    Explanation(
        "DOWNLOAD-TOO-LARGE",
        title="A download does not end",
        meaning="SharePoint hands a file out from an address of its own choosing. What came from there "
        "was more than a file can have, so we stopped before it filled the memory or the disk.",
        next="Open the file in the browser. If its size is ordinary there, something between here and "
        "Microsoft answers in its place: check the proxy.",
    ),
    Explanation(
        "GONE",
        title="Microsoft 365 says that it is gone",
        meaning="It answered HTTP 410: what we read was there once, and is not any more.",
        next="Run the command again; it starts from what is there now.",
    ),
    Explanation(
        "READ-REFUSED",
        title="Microsoft 365 did not let itself be read",
        meaning="It answered a reading with an error for which we have no page of our own. The "
        "status and Microsoft's words are in the message.",
        next="Run the command again. If it stays, report it with the request id.",
    ),
    Explanation(
        "BATCH-UNREADABLE",
        title="The answer to a batch is no batch",
        meaning="We ask many questions in one request. What came back is not a set of answers, "
        "though it says that all is well. Proxies and gateways do this.",
        next="Have the proxy between here and Microsoft let Graph and SharePoint through "
        "unchanged.",
    ),
    Explanation(
        "PAGES-REPEAT",
        title="The same pages come round again",
        meaning="Long lists come in pages. The link to the next page led back to one we had read, "
        "so there would have been no end.",
        why="To stop early would leave things out without anybody knowing. So the command fails.",
        next="Run the command again. If it stays, report it with the address of the site.",
    ),
    Explanation(
        "SITE-LOCKED",
        title="The site is locked, read-only or archived",
        meaning="An administrator has locked it, a policy has closed it, or Microsoft 365 has archived "
        "it. Then nobody can change it, and mostly nobody can read it.",
        next="Ask a SharePoint administrator: `Set-SPOSite -LockState Unlock`, or Reactivate among the "
        "archived sites. Then run the command again.",
    ),
    Explanation(
        "SITE-NOT-FOUND",
        title="There is no such site, or the app may not see it",
        meaning="Microsoft answers the same for a site that is not there and for one the app has "
        "no access to.",
        next="Open the address in a browser. If the site is there, have an administrator grant it "
        "to the app (Sites.Selected). If not, correct `url` under `site:`, or let us make it with "
        "`create: communication`.",
    ),
)
