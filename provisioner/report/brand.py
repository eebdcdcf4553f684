"""Whose reports these are: name, logo, colour and footer words, as pages, mails and workbooks use them."""

from __future__ import annotations

from dataclasses import dataclass

from provisioner.spec.branding import logo_of
from provisioner.spec.workspace import Loaded

_NAME, _INK = "#1f3a5f", "#ffffff"


@dataclass(frozen=True, slots=True)
class Brand:
    """The firm a report comes from; all empty for none.

    logo: a `data:` address, or "". color: `#rrggbb`, dark enough for white words on it, or "".
    """

    name: str = ""
    logo: str = ""
    color: str = ""
    footer: str = ""

    def __bool__(self) -> bool:
        """Whether there is a firm to name."""
        return bool(self.name)

    @property
    def style(self) -> str:
        """What a page's style sheet says beside our own; links keep our colour on a dark page."""
        if not self.color:
            return ""
        return (
            f":root {{ --brand: {self.color}; --brand-ink: {_INK}; }}\n"
            "@media not screen, not (prefers-color-scheme: dark) "
            f"{{ :root {{ --link: {self.color}; --focus: {self.color}; }} }}\n"
        )

    @property
    def head(self) -> str:
        """The colour behind the headings of tables and of a mail, with white words on it."""
        return self.color or _NAME


PLAIN = Brand()
"""No firm: reports as they are."""


def brand_of(loaded: Loaded) -> Brand:
    """The firm a workspace names. Raises `UnusableLogo` when its file has gone since it was checked."""
    said = loaded.settings.branding if loaded.settings is not None else None
    if said is None:
        return PLAIN
    logo = loaded.root.exactly(("branding", "logo"))
    return Brand(
        said.name,
        logo_of(logo) if logo is not None else "",
        (said.color or "").lower(),
        said.footer or "",
    )
