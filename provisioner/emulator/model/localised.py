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
_SPANISH = MappingProxyType(
    {
        "Documents": "Documentos",
        "Shared Documents": "Documentos compartidos",
        "Site Pages": "Páginas del sitio",
        "Site Assets": "Activos del sitio",
        "User Information List": "Lista de información del usuario",
        "All Items": "Todos los elementos",
        "All Documents": "Todos los documentos",
        "All Pages": "Todas las páginas",
        "Home": "Página principal",
        "Item": "Elemento",
        "Document": "Documento",
        "Folder": "Carpeta",
        "Site Page": "Página del sitio",
        "Title": "Título",
        "Name": "Nombre",
        "Created": "Creado",
        "Modified": "Modificado",
        "Created By": "Creado por",
        "Modified By": "Modificado por",
        "Attachments": "Datos adjuntos",
        "Content Type": "Tipo de contenido",
        "Approval Status": "Estado de aprobación",
        "Approver Comments": "Comentarios del aprobador",
        "Checked Out To": "Desprotegido para",
        "File Size": "Tamaño de archivo",
        "Folder Child Count": "Número de carpetas secundarias",
        "Item Child Count": "Número de elementos secundarios",
        "Edit": "Editar",
        "Type": "Tipo",
        "Custom Columns": "Columnas personalizadas",
        "Custom Content Types": "Tipos de contenido personalizado",
        "List Content Types": "Tipos de contenido de lista",
        "Document Content Types": "Tipos de contenido de documento",
        "Folder Content Types": "Tipos de contenido de carpeta",
        "Core Document Columns": "Columnas principales de documento",
    }
)
_DUTCH = MappingProxyType(
    {
        "Documents": "Documenten",
        "Shared Documents": "Gedeelde documenten",
        "Site Pages": "Sitepagina's",
        "Site Assets": "Siteactiva",
        "User Information List": "Gebruikersinformatielijst",
        "All Items": "Alle items",
        "All Documents": "Alle documenten",
        "All Pages": "Alle pagina's",
        "Home": "Startpagina",
        "Item": "Item",
        "Document": "Document",
        "Folder": "Map",
        "Site Page": "Sitepagina",
        "Title": "Titel",
        "Name": "Naam",
        "Created": "Gemaakt",
        "Modified": "Gewijzigd",
        "Created By": "Gemaakt door",
        "Modified By": "Gewijzigd door",
        "Attachments": "Bijlagen",
        "Content Type": "Inhoudstype",
        "Approval Status": "Goedkeuringsstatus",
        "Approver Comments": "Opmerkingen van fiatteur",
        "Checked Out To": "Uitgecheckt door",
        "File Size": "Bestandsgrootte",
        "Folder Child Count": "Aantal onderliggende mappen",
        "Item Child Count": "Aantal onderliggende items",
        "Edit": "Bewerken",
        "Type": "Type",
        "Custom Columns": "Aangepaste kolommen",
        "Custom Content Types": "Aangepaste inhoudstypen",
        "List Content Types": "Inhoudstypen voor lijst",
        "Document Content Types": "Inhoudstypen voor document",
        "Folder Content Types": "Inhoudstypen voor map",
        "Core Document Columns": "Basiskolommen voor documenten",
    }
)

LANGUAGES = (
    Language(1033, "en-US", MappingProxyType({})),
    Language(1036, "fr-FR", _FRENCH),
    Language(1031, "de-DE", _GERMAN),
    Language(3082, "es-ES", _SPANISH),
    Language(1043, "nl-NL", _DUTCH),
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
