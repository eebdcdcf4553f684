"""A service with something beside it: what is not sent is as the service itself has it."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.core.transport import Audience
from provisioner.tenant.wire import Place, Service


class Beside:
    """What a service says of itself, passed on."""

    def __init__(self, inner: Service) -> None:
        self._inner = inner

    @property
    def audience(self) -> Audience:
        """Which token it uses."""
        return self._inner.audience

    @property
    def most_parts(self) -> int:
        """How many parts a batch may hold."""
        return self._inner.most_parts

    @property
    def batch_url(self) -> str:
        """Where batches are posted."""
        return self._inner.batch_url

    def locate(self, path: str, at: Place = "site") -> str:
        """The absolute URL of a path."""
        return self._inner.locate(path, at)

    def headers(self, method: str, given: Mapping[str, str], *, has_json: bool) -> dict[str, str]:
        """The headers an operation needs."""
        return self._inner.headers(method, given, has_json=has_json)
