"""Whatever stops a command, as an error with a code, a sentence and a next step."""

from __future__ import annotations

from provisioner.core.errors import ProvisionerError


def problem_of(error: Exception) -> ProvisionerError:
    """The error itself where it is ours; FILE-UNUSABLE for files; INTERNAL for what nobody foresaw."""
    if isinstance(error, ProvisionerError):
        return error
    named = error.filename if isinstance(error, OSError) else None
    problem = _unforeseen(error) if named is None else _file_problem(error)
    problem.__cause__ = error
    return problem


def stopped() -> ProvisionerError:
    """A command that somebody ended, with Ctrl-C or by SIGTERM."""
    return ProvisionerError(
        "STOPPED",
        "The command was stopped.",
        hint="What was sent is on the site; run the same command again to go on.",
    )


def _file_problem(error: Exception) -> ProvisionerError:
    """A file named on the command line that cannot be read or written, or a full disk."""
    assert isinstance(error, OSError)
    reason = (error.strerror or type(error).__name__).lower()
    return ProvisionerError(
        "FILE-UNUSABLE",
        f"{error.filename} cannot be used: {reason}.",
        hint="Check the path, the permissions and the space left on the disk.",
    )


def _unforeseen(error: Exception) -> ProvisionerError:
    return ProvisionerError(
        "INTERNAL",
        f"Something we did not foresee happened: {type(error).__name__}: {str(error)[:200]}",
        hint="Run it again with --verbose and report what it prints.",
    )
