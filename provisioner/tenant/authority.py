"""An MSAL application at our authority; what it names as its own places is checked first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import requests

from provisioner.core.errors import ProvisionerError
from provisioner.tenant import signin_problems
from provisioner.tenant.endpoints import Endpoints, origin
from provisioner.tenant.redaction import shown

if TYPE_CHECKING:
    from provisioner.tenant.credentials import Credentials


def application(
    make: Callable[..., Any],
    credentials: Credentials,
    endpoints: Endpoints,
    session: requests.Session,
    **more: Any,
) -> Any:
    """`make` is one of MSAL's application classes. The tenant's sign-in document is read here.

    Raises `ProvisionerError` TENANT-NOT-FOUND, HOST-MISMATCH, SIGN-IN-REFUSED.
    """
    try:
        app = make(
            credentials.client_id,
            authority=endpoints.authority,
            # The hosts are our own table's, so MSAL need not ask a public one about them.
            instance_discovery=False,
            http_client=session,
            **more,
        )
    except ValueError as problem:
        raise signin_problems.bad_authority(problem, credentials, endpoints) from None
    named = (app.authority.token_endpoint, app.authority.device_authorization_endpoint)
    scheme, _, port = origin(endpoints.authority)
    ours = (scheme, port)
    for address in named:
        scheme, host, port = origin(address or "")
        if address and not (host in endpoints.login_hosts and (scheme, port) == ours):
            raise ProvisionerError(
                "HOST-MISMATCH",
                f"The sign-in service names {shown(address)} as the place to prove who we are, which is not "
                "one of its hosts. Nothing was sent there.",
                hint="Check the cloud and the proxy between here and Microsoft.",
            )
    return app
