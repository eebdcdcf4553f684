"""The family of errors every room raises; each knows its code, its exit code and the next step.

Messages are sentences for a person. They never hold a secret: bodies from Microsoft are cut and
redacted before they get here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file: 1-based line and column."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """`file:line:column`, as editors and compilers write it."""
        return f"{self.file}:{self.line}:{self.column}"


class ProvisionerError(Exception):
    """Anything that stops a command. `exit_code` 1 is failed, 3 is refused, 64 is wrong usage."""

    exit_code = 1

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str = "",
        where: Where | None = None,
        address: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.where = where
        self.address = address
        self.request_id = request_id

    def __str__(self) -> str:
        """One line: place, code, sentence."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.code}: {self.message}"


class Refused(ProvisionerError):
    """We will not do it: stale plan, unsafe change, locked, or a permission that is missing."""

    exit_code = 3


class Usage(ProvisionerError):
    """The command line was wrong, or asks for what is not built yet."""

    exit_code = 64


class Permanent(ProvisionerError):
    """Microsoft 365 said no and will say no again. `status` is the HTTP status."""

    def __init__(
        self, code: str, message: str, *, status: int, hint: str = "", **rest: str | None
    ) -> None:
        super().__init__(
            code, message, hint=hint, address=rest.get("address"), request_id=rest.get("request_id")
        )
        self.status = status


class Temporary(ProvisionerError):
    """It may work later; `retry_after` is in seconds, None when the service named no time."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 0,
        retry_after: float | None = None,
        hint: str = "",
        request_id: str | None = None,
    ) -> None:
        super().__init__(code, message, hint=hint, request_id=request_id)
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file; validation gathers many before it gives up."""

    code: str
    message: str
    where: Where
    hint: str = ""

    def __str__(self) -> str:
        """`file:line:column: CODE: sentence`."""
        return f"{self.where}: {self.code}: {self.message}"


class SpecInvalid(ProvisionerError):
    """The workspace file says something we cannot accept; `problems` holds every reason found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(first.code, first.message + more, hint=first.hint, where=first.where)
        self.problems = problems
