"""Names SharePoint gives to what it makes itself, by language.

A list, field, view or content type made with a site is named in the site's language, so code that
looks for "Documents" or "All Items" fails on a French site; its URL and id are the safe addresses.
Not every name below could be checked against a tenant of that language.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from provisioner.emulator.wire import Refusal


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its tag ("fr-FR"), its LCID (1036) and its names by English name."""

    lcid: int
    tag: str
    names: MappingProxyType[str, str]

    def __call__(self, english: str) -> str:
        """The name in this language; English where the table has none."""
        return self.names.get(english, english)


_FRENCH = MappingProxyType(
    {
        "Documents": "Documents",
        "Shared Documents": "Documents partages",
        "Site Pages": "Pages du site",
        "Site Assets": "Ressources du site",
        "User Information List": "Liste d'informations utilisateur",
        "All Items": "Tous les éléments",
        "All Documents": "Tous les documents",
        "All Pages": "Toutes les pages",
        "Home": "Accueil",
        "Item": "Élément",
        "Document": "Document",
        "Folder": "Dossier",
        "Site Page": "Page de site",
        "Title": "Titre",
        "Name": "Nom",
        "Created": "Créé",
        "Modified": "Modifié",
        "Created By": "Créé par",
        "Modified By": "Modifié par",
        "Attachments": "Pièces jointes",
        "Content Type": "Type de contenu",
        "Approval Status": "État d'approbation",
        "Approver Comments": "Commentaires de l'approbateur",
        "Checked Out To": "Extrait par",
        "File Size": "Taille du fichier",
        "Folder Child Count": "Nombre de sous-dossiers",
        "Item Child Count": "Nombre d'éléments enfants",
        "Edit": "Modifier",
        "Type": "Type",
        "Custom Columns": "Colonnes personnalisées",
        "Custom Content Types": "Types de contenu personnalisés",
        "List Content Types": "Types de contenu de liste",
        "Document Content Types": "Types de contenu de document",
        "Folder Content Types": "Types de contenu de dossier",
        "Core Document Columns": "Colonnes de document de base",
    }
)
_GERMAN = MappingProxyType(
    {
        "Documents": "Dokumente",
        "Shared Documents": "Freigegebene Dokumente",
        "Site Pages": "Websiteseiten",
        "Site Assets": "Websiteobjekte",
        "User Information List": "Benutzerinformationsliste",
        "All Items": "Alle Elemente",
        "All Documents": "Alle Dokumente",
        "All Pages": "Alle Seiten",
        "Home": "Homepage",
        "Item": "Element",
        "Document": "Dokument",
        "Folder": "Ordner",
        "Site Page": "Websiteseite",
        "Title": "Titel",
        "Name": "Name",
        "Created": "Erstellt",
        "Modified": "Geändert",
        "Created By": "Erstellt von",
        "Modified By": "Geändert von",
        "Attachments": "Anlagen",
        "Content Type": "Inhaltstyp",
        "Approval Status": "Genehmigungsstatus",
        "Approver Comments": "Kommentare der genehmigenden Person",
        "Checked Out To": "Ausgecheckt von",
        "File Size": "Dateigröße",
        "Folder Child Count": "Anzahl untergeordneter Ordner",
        "Item Child Count": "Anzahl untergeordneter Elemente",
        "Edit": "Bearbeiten",
        "Type": "Typ",
        "Custom Columns": "Benutzerdefinierte Spalten",
        "Custom Content Types": "Benutzerdefinierte Inhaltstypen",
        "List Content Types": "Listeninhaltstypen",
        "Document Content Types": "Dokumentinhaltstypen",
        "Folder Content Types": "Ordnerinhaltstypen",
        "Core Document Columns": "Kerndokumentspalten",
    }
)

LANGUAGES = (
    Language(1033, "en-US", MappingProxyType({})),
    Language(1036, "fr-FR", _FRENCH),
    Language(1031, "de-DE", _GERMAN),
)


def by_lcid(lcid: int) -> Language:
    """The language of an LCID. Raises `Refusal` 400 for one the emulator has no names for."""
    for language in LANGUAGES:
        if language.lcid == lcid:
            return language
    raise Refusal(400, "invalidRequest", f"The emulator has no names for the language {lcid}.")


def by_tag(tag: str) -> Language:
    """The language of a tag such as "en-US". Raises `Refusal` 400 for an unknown one."""
    for language in LANGUAGES:
        if language.tag.lower() == tag.lower():
            return language
    raise Refusal(400, "invalidRequest", f"The emulator has no names for the locale '{tag}'.")
