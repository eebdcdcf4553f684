"""Settings that stand under all evidence: the catalogue's terms, and the libraries' safeguards."""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.sync.cases import CatalogueCase, WorkspaceCase
from provisioner.sync.facts import LibraryState
from provisioner.sync.rules.rule import Holding, Rule
from provisioner.sync.vocabulary import Severity, SubjectKind


def catalogue_changed(case: CatalogueCase) -> Iterator[Holding]:
    """A person changed a term of the item, and the file does not say the same."""
    if case.changed:
        words = "; ".join(
            f"{one.name} from {one.applied or 'empty'} to {one.listed or 'empty'}"
            for one in case.changed
        )
        yield Holding(
            f"{case.item.id} {case.item.title}: somebody changed {words}.",
            {one.name: {"file": one.applied, "list": one.listed} for one in case.changed},
        )


def weaknesses(library: LibraryState) -> list[str]:
    """What is weaker about a library than the file says, in words."""
    found = []
    if library.versioned is False and library.declared_limit != 0:
        found.append("versioning is off")
    elif (
        library.versioned and library.limit is not None and library.declared_limit is not None
    ) and library.limit < library.declared_limit:
        found.append(
            f"it keeps {library.limit} versions, and the file says {library.declared_limit}"
        )
    if None not in (library.own_permissions, library.declared_own):
        if library.declared_own and not library.own_permissions:
            found.append("it inherits its permissions again")
        elif library.own_permissions and not library.declared_own:
            found.append("it no longer inherits its permissions")
    found += [f"{one} is shared by a link" for one in library.links]
    found += [f"the guest {one} can get in" for one in library.guests]
    return found


def workspace_drift(case: WorkspaceCase) -> Iterator[Holding]:
    """A safeguard of an evidence library is off, or it is open to others."""
    found = [(one.title, weaknesses(one)) for one in case.libraries]
    telling = [(title, words) for title, words in found if words]
    if telling:
        said = ". ".join(f"{title}: {', '.join(words)}" for title, words in telling)
        yield Holding(f"{said}.", dict(telling))


CATALOGUE_CHANGED = Rule(
    code="CATALOGUE-CHANGED",
    subjects=(SubjectKind.ITEM,),
    severity=Severity.WARNING,
    title="Somebody changed when it is due",
    meaning="A person changed cadence, kind, enabled, anchor, grace or lead of an expected item, and "
    "the workspace file says otherwise. The list's value is what it is judged by.",
    why="Moving the goal is the easiest way to reach it. The change should be one that was agreed.",
    next="Put the value back, or write the new one into the workspace file.",
    checks={CatalogueCase: catalogue_changed},
)
WORKSPACE_DRIFT = Rule(
    code="WORKSPACE-DRIFT",
    subjects=(SubjectKind.WORKSPACE,),
    severity=Severity.WARNING,
    title="A safeguard of the evidence is off",
    meaning="Versioning of an evidence library is off or keeps fewer versions than the file says, its "
    "inheritance changed, or a sharing link or a guest opens it.",
    why="The store itself is evidence: without versions and closed doors, anything in it could have "
    "been changed by anybody.",
    next="Run `provisioner drift` for the details, and `provisioner apply` to put it right.",
    checks={WorkspaceCase: workspace_drift},
)
