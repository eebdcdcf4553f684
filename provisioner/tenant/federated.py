"""The token by which a workload proves who it is, without any secret of ours.

"Workload identity federation" (learn.microsoft.com/entra/workload-id/workload-identity-federation).
Where it comes from, the first that is there: a file named in the workspace or by
AZURE_FEDERATED_TOKEN_FILE (Kubernetes, learn.microsoft.com/azure/aks/workload-identity-overview);
GitHub ("OpenID Connect reference", docs.github.com/actions, section "Methods for requesting the
OIDC token"); Azure DevOps (System.OidcRequestUri, sprint 240 release notes in
learn.microsoft.com/azure/devops). It lives for minutes, so it is fetched for each sign-in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from provisioner.core.errors import ProvisionerError, Temporary
from provisioner.tenant.redaction import shown
from provisioner.tenant.sessions import workload_session

_LARGEST = 64 * 1024


def workload_token(
    token_file: str, audience: str, environment: Mapping[str, str] = os.environ
) -> Callable[[], str]:
    """A function that gives the token, fresh each time. `token_file` "" looks at the environment.

    `audience` is for whom it is made, where that is ours to say.

    It raises `ProvisionerError` FEDERATED-TOKEN-MISSING or FEDERATED-TOKEN-REFUSED, `Temporary`
    FEDERATED-TOKEN-UNREACHABLE.
    """

    def fetch() -> str:
        path = token_file or environment.get("AZURE_FEDERATED_TOKEN_FILE", "")
        if path:
            return _from_file(Path(path).expanduser())
        if environment.get("ACTIONS_ID_TOKEN_REQUEST_URL"):
            return _from_github(environment, audience)
        if environment.get("SYSTEM_OIDCREQUESTURI"):
            return _from_azure_devops(environment)
        raise ProvisionerError(
            "FEDERATED-TOKEN-MISSING",
            "Nothing here gives a federated token: there is no token file, and neither GitHub nor "
            "Azure DevOps offers one to this job.",
            hint="In GitHub give the job `permissions: id-token: write`; in Azure DevOps run in a "
            "task with a service connection; elsewhere name the file as `tokenFile`.",
        )

    return fetch


def _from_file(path: Path) -> str:
    try:
        text = path.read_bytes()[:_LARGEST].decode("ascii").strip()
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it holds no token"
        raise _missing(f"The token file {path} cannot be read: {reason}.") from None
    if text.count(".") != 2:
        raise _missing(f"The token file {path} holds no token.")
    return text


def _missing(message: str) -> ProvisionerError:
    return ProvisionerError(
        "FEDERATED-TOKEN-MISSING",
        message,
        hint="Check `tokenFile` under `tenant: auth:`, or AZURE_FEDERATED_TOKEN_FILE.",
    )


def _from_github(environment: Mapping[str, str], audience: str) -> str:
    asked = environment["ACTIONS_ID_TOKEN_REQUEST_URL"]
    joint = "&" if "?" in asked else "?"
    return _asked(
        "GitHub",
        "GET",
        f"{asked}{joint}audience={quote(audience, safe='')}",
        environment.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN", ""),
        "value",
        "Give the job `permissions: id-token: write`.",
    )


def _from_azure_devops(environment: Mapping[str, str]) -> str:
    connection = environment.get("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "")
    if not connection:
        raise ProvisionerError(
            "FEDERATED-TOKEN-MISSING",
            "Azure DevOps offers tokens here, and nothing says for which service connection.",
            hint="Run in an AzureCLI@2 or AzurePowerShell@5 task, or set "
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID.",
        )
    asked = environment["SYSTEM_OIDCREQUESTURI"]
    return _asked(
        "Azure DevOps",
        "POST",
        f"{asked}?api-version=7.1&serviceConnectionId={quote(connection, safe='')}",
        environment.get("SYSTEM_ACCESSTOKEN", ""),
        "oidcToken",
        "Hand the job its own token: `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`.",
    )


def _asked(who: str, method: str, url: str, bearer: str, key: str, hint: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ProvisionerError(
            "FEDERATED-TOKEN-REFUSED", f"{who}'s address for tokens is not https.", hint=hint
        )
    headers = {
        "Authorization": f"Bearer {bearer}",
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
    try:
        with workload_session() as session:
            answer = session.request(method, url, headers=headers)
    except requests.RequestException:
        raise Temporary(
            "FEDERATED-TOKEN-UNREACHABLE",
            f"{who} cannot be reached at {parts.hostname} for a federated token.",
            hint="Check the network and HTTPS_PROXY.",
        ) from None
    token = _value(answer, key)
    if answer.status_code != 200 or not token:
        raise ProvisionerError(
            "FEDERATED-TOKEN-REFUSED",
            f"{who} gave no federated token (HTTP {answer.status_code}): "
            + shown(answer.text[:500], bearer, token),
            hint=hint,
        )
    return token


def _value(answer: requests.Response, key: str) -> str:
    try:
        body: Any = answer.json()
    except ValueError:
        return ""
    found = body.get(key) if isinstance(body, dict) else None
    return found if isinstance(found, str) else ""
