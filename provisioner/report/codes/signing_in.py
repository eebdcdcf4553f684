"""Codes of signing in: the app, its certificate or secret, the tenant."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

SIGNING_IN = (
    Explanation(
        "SIGN-IN-MISSING",
        title="Nothing says how to sign in",
        meaning="A workspace outside the emulator needs a tenant, an app registration and a "
        "certificate, and one of them is given neither in the file nor in the environment.",
        next="Add `auth` under `tenant:` in the workspace file, or set the variable the message "
        "names: PROVISIONER_TENANT_ID, PROVISIONER_CLIENT_ID or PROVISIONER_CERTIFICATE. To try "
        "things without a tenant, write `cloud: emulator`.",
    ),
    Explanation(
        "SIGN-IN-ID",
        title="An id of the sign-in is none",
        meaning="The application (client) id must be a GUID, and the directory (tenant) id a GUID or "
        "a domain. Ids are shown in messages, so whatever else stands in their place, such as a "
        "secret, is refused before anything is sent, and not repeated.",
        next="Copy both from the overview of the app registration into the file or into "
        "PROVISIONER_CLIENT_ID and PROVISIONER_TENANT_ID.",
    ),
    Explanation(
        "SIGN-IN-UNKNOWN",
        title="This way to sign in does not exist",
        meaning="`method` under `tenant: auth:` holds a word that is not a way to sign in.",
        next="Write `method: certificate`, `federated`, `managed-identity` or `device-code`. "
        "`method: secret` works too, but only for Graph, which is not enough for a workspace.",
    ),
    Explanation(
        "SIGN-IN-NEEDS-A-PERSON",
        title="Nobody can see the code to enter",
        meaning="With `method: device-code` a person signs in with a code that the command shows. "
        "Here there is no place to show it.",
        next="Run a command such as `provisioner doctor` in a terminal first; the sign-in is kept "
        "for later ones. For runs without a person use a certificate or `method: federated`.",
    ),
    Explanation(
        "DEVICE-CODE-NOT-APPROVED",
        title="The person did not sign in",
        meaning="The code was declined in the browser, or a quarter of an hour went by.",
        next="Run the command again, open the page it names and enter the new code.",
    ),
    Explanation(
        "PUBLIC-CLIENT-NEEDED",
        title="The app does not sign people in",
        meaning="A device code needs an app registration that may sign people in without a secret, "
        "and this one may not.",
        next="Under Authentication in the app registration switch on “Allow public client flows”, "
        "or sign in with a certificate.",
    ),
    Explanation(
        "CONSENT-MISSING",
        title="Nobody has consented to the app",
        meaning="The tenant knows the app, and no administrator has agreed to the permissions it "
        "asks for.",
        next="`provisioner permissions --format markdown` writes what to agree to; have an "
        "administrator of the tenant do so.",
    ),
    Explanation(
        "FEDERATED-TOKEN-MISSING",
        title="The workload has no token to prove who it is",
        meaning="`method: federated` signs in with a token that GitHub, Azure DevOps or Kubernetes "
        "gives to a job, and there is none, or the file named holds none.",
        next="GitHub: give the job `permissions: id-token: write`. Azure DevOps: run in an "
        "AzureCLI@2 task and pass SYSTEM_ACCESSTOKEN on. Elsewhere: name the file as `tokenFile`.",
    ),
    Explanation(
        "FEDERATED-TOKEN-REFUSED",
        title="The CI service gave no token",
        meaning="GitHub or Azure DevOps answered, and not with a token.",
        next="Check the job's permissions and, in Azure DevOps, that the service connection is the "
        "right one and the pipeline may use it.",
    ),
    Explanation(
        "FEDERATED-TOKEN-UNREACHABLE",
        title="The CI service cannot be reached",
        meaning="The address at which GitHub or Azure DevOps gives tokens does not answer.",
        next="Check the network of the runner and HTTPS_PROXY, and run the job again.",
    ),
    Explanation(
        "FEDERATION-NOT-TRUSTED",
        title="The app does not trust this workload",
        meaning="The app registration has federated credentials, and none has the issuer, the "
        "subject and the audience of the token that was sent. Case counts.",
        why="A job of another repository, branch or environment must not get in, so Entra compares "
        "to the letter.",
        next="Under Certificates & secrets, Federated credentials, compare the subject with the one "
        "in Entra's message, for instance repo:org/name:ref:refs/heads/main.",
    ),
    Explanation(
        "MANAGED-IDENTITY-MISSING",
        title="This machine has no managed identity",
        meaning="`method: managed-identity` works only on Azure, where the machine, the app service "
        "or the container is given an identity. Nothing here answers for one, or not for this one.",
        next="Switch the identity on; name a user-assigned one by its client id as `clientId`. "
        "Elsewhere sign in with a certificate.",
    ),
    Explanation(
        "SHAREPOINT-NEEDS-CERTIFICATE",
        title="A secret is not enough for SharePoint",
        meaning="Microsoft Graph takes an app that signs in with a secret. SharePoint does not: it "
        "wants proof made with a certificate. Views, permissions and much else go through "
        "SharePoint.",
        why="With a secret half of the workspace could be made and the rest refused, so nothing is "
        "begun.",
        next="Add a certificate to the app registration under Certificates & secrets, write "
        "`method: certificate`, and set PROVISIONER_CERTIFICATE to a PEM or PFX file.",
    ),
    Explanation(
        "SECRET-MISSING",
        title="No client secret is given",
        meaning="The file says `method: secret`, and there is no secret to sign in with.",
        next="Set PROVISIONER_CLIENT_SECRET, or write `secret: env:NAME` under `tenant: auth:`. "
        "Never write the secret itself into the file.",
    ),
    Explanation(
        "SECRET-WRONG",
        title="Entra does not accept the client secret",
        meaning="The app is there, and the secret is not one of its own. Most often the secret's "
        "id was copied: Entra shows the id for ever and the value only once.",
        next="Make a new secret in the app registration, copy its Value, and put it into "
        "PROVISIONER_CLIENT_SECRET.",
    ),
    Explanation(
        "SECRET-EXPIRED",
        title="The client secret has expired",
        meaning="Secrets of app registrations have an end date, and this one is over.",
        why="Jobs that run at night stop without anybody seeing it.",
        next="Make a new secret in the app registration and delete the old one. A certificate with "
        "a reminder before its end is better.",
    ),
    Explanation(
        "CERTIFICATE-MISSING",
        title="No certificate is given",
        meaning="The file says `method: certificate`, and there is none to sign in with.",
        next="Set PROVISIONER_CERTIFICATE to the path of a PEM file (private key and certificate) "
        "or a PFX file, or write `certificate: file:app.pem` under `tenant: auth:`.",
    ),
    Explanation(
        "CERTIFICATE-UNREADABLE",
        title="The certificate cannot be read",
        meaning="The file is not there, may not be read, is locked with another passphrase, or "
        "lacks the private key or the certificate. What it holds is never printed.",
        next="Check the path first. For a locked file set PROVISIONER_CERTIFICATE_PASSWORD. A PEM "
        "file needs both parts: BEGIN PRIVATE KEY and BEGIN CERTIFICATE.",
    ),
    Explanation(
        "CERTIFICATE-KEY-MISMATCH",
        title="Key and certificate do not belong together",
        meaning="The private key in the file is not the one the certificate was made for. This "
        "happens when two exports are joined by hand.",
        next="Export key and certificate again from the same place, into one file.",
    ),
    Explanation(
        "CERTIFICATE-EXPIRED",
        title="The certificate is over",
        meaning="Its last day has passed, so Entra would refuse it.",
        next="Make a new certificate, upload its public part to the app registration, and point "
        "PROVISIONER_CERTIFICATE to it. Then take the old one out of the registration.",
    ),
    Explanation(
        "CERTIFICATE-NOT-YET-VALID",
        title="The certificate does not count yet",
        meaning="Its first moment is still to come by this machine's clock. Entra would refuse it.",
        next="If the clock is behind, set it. Otherwise wait until then, or make a certificate that "
        "counts from today. While certificates change, name the new one as `nextCertificate`.",
    ),
    Explanation(
        "CERTIFICATE-REFUSED",
        title="Entra does not accept the certificate",
        meaning="The certificate is sound, but it is not registered with this app, it has expired "
        "there, or the proof was made for another tenant or cloud.",
        next="Compare the thumbprint with those under Certificates & secrets of the app "
        "registration, and upload the public part if it is not there. Check `tenantId` and `cloud` "
        "in the file.",
    ),
    Explanation(
        "CLOCK-WRONG",
        title="This machine's clock is wrong",
        meaning="The proof we send is valid for a few minutes, by our own clock. Entra's clock says "
        "that it is not valid now.",
        next="Set the clock, or switch on time synchronisation, then run the command again. In a "
        "virtual machine that was asleep, restart the time service.",
    ),
    Explanation(
        "APP-NOT-FOUND",
        title="The tenant does not know the app",
        meaning="The client id is unknown in this tenant. Either it is not the right one, or nobody "
        "has consented to the app there yet.",
        next="Compare PROVISIONER_CLIENT_ID with the Application (client) ID of the registration. "
        "If it is right, have an administrator of the client's tenant consent to the app.",
    ),
    Explanation(
        "APP-DISABLED",
        title="The app is switched off in the tenant",
        meaning="Somebody set “Enabled for users to sign in” to No for the app.",
        why="It may have been done on purpose, to stop all access at once.",
        next="Ask an administrator of the tenant whether it is meant. They switch it on under "
        "Enterprise applications in Entra.",
    ),
    Explanation(
        "TENANT-NOT-FOUND",
        title="There is no such tenant",
        meaning="Neither an id nor a domain of a tenant in this cloud is the one given. A tenant of "
        "a government or national cloud is not found from the global one.",
        next="Copy the Directory (tenant) ID from the overview of the app registration into "
        "PROVISIONER_TENANT_ID, and check `cloud` under `tenant:`.",
    ),
    Explanation(
        "RESOURCE-NOT-FOUND",
        title="The tenant has no such SharePoint",
        meaning="Entra was asked for access to a SharePoint host that the tenant does not have: a "
        "misspelt host name, or the host of another tenant.",
        next="Open a site of the client in a browser and copy the host into `hostname` under "
        "`tenant:`, such as contoso.sharepoint.com.",
    ),
    Explanation(
        "SIGN-IN-BLOCKED",
        title="A Conditional Access policy blocks the sign-in",
        meaning="The app and its proof are right. The tenant allows workloads to sign in only from "
        "certain places or under certain conditions.",
        next="Give the tenant's administrator the request id: the sign-in log names the policy. "
        "They allow the app or this address, or you run from an allowed place.",
    ),
    Explanation(
        "SIGN-IN-REFUSED",
        title="Entra refused the sign-in",
        meaning="Entra gave a reason for which we have no page of our own; its words and its number "
        "are in the message.",
        next="Look the AADSTS number up at https://login.microsoftonline.com/error. Check the "
        "tenant id, the client id and the certificate.",
    ),
    Explanation(
        "SIGN-IN-UNAVAILABLE",
        title="Entra cannot sign us in at the moment",
        meaning="Microsoft's sign-in service answered with a fault of its own. Nothing is wrong "
        "with the app.",
        next="Run the command again in a few minutes. If it lasts, look at Microsoft's service "
        "health.",
    ),
    Explanation(
        "SIGN-IN-UNREACHABLE",
        title="The sign-in service cannot be reached",
        meaning="No connection was made: no network, a name that is not found, a proxy in between, "
        "or a certificate we do not trust. The message says which.",
        next="Behind a proxy set HTTPS_PROXY. If the proxy opens TLS, set SSL_CERT_FILE to its "
        "certificate authority. Then run the command again.",
    ),
    Explanation(
        "SIGN-IN-UNREADABLE",
        title="Somebody else answers for the sign-in service",
        meaning="The answer is not in the form Entra uses. Often a proxy or the log-in page of a "
        "guest network answers in its place.",
        why="No token and no proof goes to whoever answers like that.",
        next="Open https://login.microsoftonline.com in a browser on this machine, and ask whoever "
        "runs the network to let it through.",
    ),
    Explanation(
        "SIGN-IN-NOT-ACCEPTED",
        title="The service does not accept our sign-in",
        meaning="Entra gave us a token, and Graph or SharePoint turned it away (HTTP 401). The "
        "token is for another tenant or cloud, or SharePoint wants a certificate.",
        next="Check `tenantId`, `cloud` and `hostname` under `tenant:`, use `method: certificate`, "
        "and check this machine's clock.",
    ),
    Explanation(
        "PERMISSION-MISSING",
        title="The app may not do this",
        meaning="Sign-in worked, and the app lacks the permission for this request (HTTP 403). "
        "Consent may be missing, or with Sites.Selected the grant on this one site.",
        why="We ask for the least that is needed, and that must be given site by site.",
        next="The message names the permission and the steps for an administrator. `provisioner "
        "plan` lists all the permissions a change uses, so that consent is asked for once.",
    ),
)
