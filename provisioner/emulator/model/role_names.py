"""The built-in permission levels and default groups of a site, in the languages emulated.

Ids, base permissions and order are those that `GET _api/web/roledefinitions` answers with (the
command reference of pnp/cli-microsoft365, "spo roledefinition list").
"""

from __future__ import annotations

LIMITED_ACCESS = 1073741825
READ = 1073741826
CONTRIBUTE = 1073741827
DESIGN = 1073741828
FULL_CONTROL = 1073741829
EDIT = 1073741830

ENGLISH, FRENCH, GERMAN, SPANISH, DUTCH = 1033, 1036, 1031, 3082, 1043

# id, RoleTypeKind, high, low, hidden, order
_LEVELS = (
    (FULL_CONTROL, 5, 2147483647, 4294967295, 0, 1),
    (DESIGN, 4, 432, 1012866047, 0, 32),
    (EDIT, 6, 432, 1011030767, 0, 48),
    (CONTRIBUTE, 3, 432, 1011028719, 0, 64),
    (READ, 2, 176, 138612833, 0, 128),
    (LIMITED_ACCESS, 1, 48, 134287360, 1, 160),
)

_NAMES: dict[int, dict[int, tuple[str, str]]] = {
    ENGLISH: {
        FULL_CONTROL: ("Full Control", "Has full control."),
        DESIGN: ("Design", "Can view, add, update, delete, approve, and customize."),
        EDIT: ("Edit", "Can add, edit and delete lists; can view, add, update and delete items."),
        CONTRIBUTE: ("Contribute", "Can view, add, update, and delete list items and documents."),
        READ: ("Read", "Can view pages and list items and download documents."),
        LIMITED_ACCESS: ("Limited Access", "Can view specific lists, items or files when given."),
    },
    FRENCH: {
        FULL_CONTROL: ("Contrôle total", "Dispose d'un contrôle total."),
        DESIGN: ("Conception", "Peut afficher, ajouter, modifier, approuver et personnaliser."),
        EDIT: ("Modification", "Peut ajouter, modifier et supprimer des listes et des éléments."),
        CONTRIBUTE: ("Collaboration", "Peut afficher, ajouter, modifier, supprimer des éléments."),
        READ: ("Lecture", "Peut afficher les pages et les éléments, et télécharger."),
        LIMITED_ACCESS: ("Accès limité", "Peut afficher des listes, éléments ou fichiers donnés."),
    },
    GERMAN: {
        FULL_CONTROL: ("Vollzugriff", "Hat Vollzugriff."),
        DESIGN: ("Entwerfen", "Kann anzeigen, hinzufügen, ändern, genehmigen und anpassen."),
        EDIT: ("Bearbeiten", "Kann Listen und Elemente hinzufügen, bearbeiten und löschen."),
        CONTRIBUTE: ("Mitwirken", "Kann Listenelemente anzeigen, hinzufügen, ändern und löschen."),
        READ: ("Lesen", "Kann Seiten und Listenelemente anzeigen und herunterladen."),
        LIMITED_ACCESS: ("Beschränkter Zugriff", "Kann bestimmte Listen oder Dateien anzeigen."),
    },
    SPANISH: {
        FULL_CONTROL: ("Control total", "Tiene control total."),
        DESIGN: ("Diseño", "Puede ver, agregar, actualizar, eliminar, aprobar y personalizar."),
        EDIT: ("Editar", "Puede agregar, editar y eliminar listas y elementos."),
        CONTRIBUTE: ("Colaborar", "Puede ver, agregar, actualizar y eliminar elementos."),
        READ: ("Leer", "Puede ver páginas y elementos, y descargar documentos."),
        LIMITED_ACCESS: ("Acceso limitado", "Puede ver listas, elementos o archivos concretos."),
    },
    DUTCH: {
        FULL_CONTROL: ("Volledig beheer", "Heeft volledig beheer."),
        DESIGN: ("Ontwerpen", "Kan weergeven, toevoegen, wijzigen, goedkeuren en aanpassen."),
        EDIT: ("Bewerken", "Kan lijsten en items toevoegen, bewerken en verwijderen."),
        CONTRIBUTE: ("Bijdragen", "Kan items weergeven, toevoegen, bijwerken en verwijderen."),
        READ: ("Lezen", "Kan pagina's en items weergeven en documenten downloaden."),
        LIMITED_ACCESS: ("Beperkte toegang", "Kan bepaalde lijsten, items of bestanden weergeven."),
    },
}

_GROUPS: dict[int, tuple[str, str, str]] = {
    ENGLISH: ("{} Owners", "{} Visitors", "{} Members"),
    FRENCH: ("Propriétaires de {}", "Visiteurs de {}", "Membres de {}"),
    GERMAN: ("Besitzer von {}", "Besucher von {}", "Mitglieder von {}"),
    SPANISH: ("Propietarios de {}", "Visitantes de {}", "Integrantes de {}"),
    DUTCH: ("Eigenaren van {}", "Bezoekers van {}", "Leden van {}"),
}


def definitions(lcid: int) -> list[tuple[int, str, str, int, int, int, int, int]]:
    """Id, name, description, kind, high, low, hidden, order of each level; English if unknown."""
    names = _NAMES.get(lcid, _NAMES[ENGLISH])
    return [
        (role, *names[role], kind, high, low, hidden, order)
        for role, kind, high, low, hidden, order in _LEVELS
    ]


def default_groups(lcid: int, site_title: str) -> list[tuple[int, int, str]]:
    """Group id, role id and title of the default owners, visitors and members of a new site."""
    owners, visitors, contributors = _GROUPS.get(lcid, _GROUPS[ENGLISH])
    return [
        (3, FULL_CONTROL, owners.format(site_title)),
        (4, READ, visitors.format(site_title)),
        (5, EDIT, contributors.format(site_title)),
    ]
