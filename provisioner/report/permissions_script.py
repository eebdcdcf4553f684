"""A shell script that registers the apps, uploads certificates, consents and grants.

Each step stands as the Graph request it is, in a comment, with the same as an az command below it.
Role ids are looked up by name in the tenant, so none is written here.

Sources: "Create application", "Grant an appRoleAssignment to a service principal", "Create
permission on a site" (learn.microsoft.com/graph/api/application-post-applications,
…/serviceprincipal-post-approleassignments, …/site-post-permissions); a POST refuses `fullcontrol`
(github.com/microsoftgraph/microsoft-graph-docs, issue 11814), so it is a PATCH after `write`;
"Role Based Access Control for Applications in Exchange Online"
(learn.microsoft.com/exchange/permissions-exo/application-rbac) for one mailbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from shlex import quote

from provisioner.engine.permissions import App, Permissions

_REST = 'az rest --resource "$HOST"'
_RESOURCES = {
    "graph": "00000003-0000-0000-c000-000000000000",
    "sharepoint": "00000003-0000-0ff1-ce00-000000000000",
}
_AZ_CLOUDS = {
    "usgov": "AzureUSGovernment",
    "usgov-dod": "AzureUSGovernment",
    "china": "AzureChinaCloud",
}


def permissions_script(found: Permissions, cloud: str, graph: str) -> str:
    """The script. `cloud` is the workspace's word for it, `graph` the host of Graph there."""
    variables, az_cloud = (
        [_variable(app) for app in found.apps],
        _AZ_CLOUDS.get(cloud, "AzureCloud"),
    )
    lines = [
        "#!/usr/bin/env bash",
        "# Registers the apps of an evidence workspace and grants them what it needs, no more.",
        f"# Site: {_comment(found.site_url)}",
        "# Read it before you run it. Sign in first as an administrator who may consent to application",
        f"# permissions: az cloud set --name {az_cloud} && az login. Each of the two steps is for once:",
        "#   bash permissions.sh register   makes the apps and consents; prints their client ids",
        f"#   {'=… '.join(variables)}=… bash permissions.sh grant   grants on the site, once it is there",
        "set -euo pipefail",
        f"HOST={quote(graph)}  # for whom az asks a token; it does not know every cloud's own",
        'ROOT="$HOST/v1.0"',
        f"GRAPH={_RESOURCES['graph']}",
        f"SHAREPOINT={_RESOURCES['sharepoint']}",
        "",
        "register() {",
        f"az cloud set --name {az_cloud}",
    ]
    for app in found.apps:
        lines += ["", f"# ---- {app.title}", *_registered(app), *_consented(app)]
    lines += [f'echo "{name}=${name}"' for name in variables]
    lines += ["}", "", "grant() {"]
    for app in found.apps:
        lines += ["", f"# ---- {app.title}", *_granted(app, found)]
        if app.mailbox:
            lines += _mailbox(app)
    lines += ["}", "", 'case "${1:-}" in', 'register | grant) "$1" ;;']
    lines += ['*) echo "Say register or grant." >&2; exit 64 ;;', "esac"]
    return "\n".join(lines)


def _variable(app: App) -> str:
    return app.key.upper()


def _registered(app: App) -> Iterable[str]:
    name = _variable(app)
    yield f"{name}_PUBLIC=${{{name}_PUBLIC:-{app.key}.crt}}  # the certificate as PEM, without its key"
    yield f'! grep -q "PRIVATE KEY" "${name}_PUBLIC" || {{ echo "Give the certificate only."; exit 1; }}'
    yield f'# POST $ROOT/applications {{"displayName": "{app.title}", "signInAudience": "AzureADMyOrg"}}'
    yield (
        f"{name}=$(az ad app create --display-name {quote(app.title)} "
        "--sign-in-audience AzureADMyOrg --query appId --output tsv)"
    )
    yield '# POST $ROOT/servicePrincipals {"appId": "…"}'
    yield f'{name}_SP=$(az ad sp create --id "${name}" --query id --output tsv)'
    yield (
        '# PATCH $ROOT/applications(appId=\'…\') {"keyCredentials": [{"type": "AsymmetricX509Cert", '
        '"usage": "Verify", "key": "…"}]}'
    )
    yield (
        f'az ad app credential reset --id "${name}" --append --cert "@${name}_PUBLIC" --output none'
    )


def _consented(app: App) -> Iterable[str]:
    name = _variable(app)
    for need in app.needs:
        if need.name == "Mail.Send":
            continue  # in Exchange, for one mailbox
        resource = need.audience.upper()
        if need.optional:
            switch = "WITH_" + need.name.upper().replace(".", "_")
            yield f"# {need.name} is optional; set {switch}=yes to have it."
            yield f'if [ "${{{switch}:-no}}" = yes ]; then'
        yield (
            f"# {need.name}: POST $ROOT/servicePrincipals/{{app}}/appRoleAssignments "
            '{"principalId": "…", "resourceId": "…", "appRoleId": "…"}'
        )
        query = f"appRoles[?value=='{need.name}'].id | [0]".replace("'", "'")
        yield f'ROLE=$(az ad sp show --id "${resource}" --query "{query}" --output tsv)'
        yield f'RESOURCE=$(az ad sp show --id "${resource}" --query id --output tsv)'
        body = (
            f'{{\\"principalId\\": \\"${name}_SP\\", \\"resourceId\\": \\"$RESOURCE\\", '
            '\\"appRoleId\\": \\"$ROLE\\"}'
        )
        yield (
            f'{_REST} --method post --url "$ROOT/servicePrincipals/${name}_SP/'
            f'appRoleAssignments" --body "{body}" --output none'
        )
        if need.optional:
            yield "fi"


def _granted(app: App, found: Permissions) -> Iterable[str]:
    if not app.role:
        yield "# Nothing: it has full control of the site that it makes."
        return
    name = _variable(app)
    yield f': "${{{name}:?the client id that register printed}}"'
    yield "# Whoever runs this needs Sites.FullControl.All. If az answers 403, it has not got that:"
    yield "# send the same requests in Graph Explorer as a SharePoint administrator."
    yield f"# GET $ROOT/sites/{found.hostname}:{found.site_path}"
    address = f"{found.hostname}:{found.site_path}"
    yield f'SITE=$({_REST} --method get --url "$ROOT/sites/"{quote(address)} --query id --output tsv)'
    body = (
        '{\\"roles\\": [\\"write\\"], \\"grantedToIdentities\\": [{\\"application\\": '
        f'{{\\"id\\": \\"${name}\\", \\"displayName\\": \\"{app.title}\\"}}}}]}}'
    ).replace('\\"write\\"', f'\\"{"read" if app.role == "read" else "write"}\\"')
    yield "# POST $ROOT/sites/{site}/permissions"
    yield (
        f'GRANT=$({_REST} --method post --url "$ROOT/sites/$SITE/permissions" --body "{body}" '
        "--query id --output tsv)"
    )
    if app.role == "fullcontrol":
        yield '# PATCH $ROOT/sites/{site}/permissions/{grant} {"roles": ["fullcontrol"]}'
        yield (
            f'{_REST} --method patch --url "$ROOT/sites/$SITE/permissions/$GRANT" '
            '--body \'{"roles": ["fullcontrol"]}\' --output none'
        )


def _mailbox(app: App) -> Iterable[str]:
    mailbox = _comment(app.mailbox)
    name = _variable(app)
    yield f"# Mail from {mailbox} alone, in Exchange Online PowerShell; Entra consents to no Mail.Send:"
    yield f"#   New-ServicePrincipal -AppId <{name}> -ObjectId <{name}_SP> -DisplayName '{app.title}'"
    yield (
        "#   New-ManagementScope -Name 'Evidence digests' -RecipientRestrictionFilter "
        f"\"PrimarySmtpAddress -eq '{mailbox}'\""
    )
    yield (
        f"#   New-ManagementRoleAssignment -App <{name}_SP> -Role 'Application Mail.Send' "
        "-CustomResourceScope 'Evidence digests'"
    )


def _comment(text: str) -> str:
    return " ".join(text.split())
