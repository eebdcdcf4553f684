"""Dates as SharePoint's forms take them, in which columns of documents are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

# Short dates by the site's locale (LCID). ISO dates are refused
# (SharePoint/sp-dev-docs issue 4917).
_MONTH_FIRST = "{0.month}/{0.day}/{0.year}"
_DOTS = "{0.day:02}.{0.month:02}.{0.year}"
_SLASHES = "{0.day:02}/{0.month:02}/{0.year}"
_ISO = "{0.year}-{0.month:02}-{0.day:02}"
_YEAR_FIRST = "{0.year}/{0.month:02}/{0.day:02}"
_FORMS: Mapping[int, str] = {
    1028: _YEAR_FIRST,  # zh-TW
    1029: _DOTS,  # cs-CZ
    1030: "{0.day:02}-{0.month:02}-{0.year}",  # da-DK
    1031: _DOTS,  # de-DE
    1032: _SLASHES,  # el-GR
    1033: _MONTH_FIRST,  # en-US
    1035: "{0.day}.{0.month}.{0.year}",  # fi-FI
    1036: _SLASHES,  # fr-FR
    1037: _SLASHES,  # he-IL
    1040: _SLASHES,  # it-IT
    1041: _YEAR_FIRST,  # ja-JP
    1042: _ISO,  # ko-KR
    1043: "{0.day}-{0.month}-{0.year}",  # nl-NL
    1044: _DOTS,  # nb-NO
    1045: _DOTS,  # pl-PL
    1046: _SLASHES,  # pt-BR
    1048: _DOTS,  # ro-RO
    1049: _DOTS,  # ru-RU
    1053: _ISO,  # sv-SE
    1055: "{0.day}.{0.month:02}.{0.year}",  # tr-TR
    1058: _DOTS,  # uk-UA
    2052: _YEAR_FIRST,  # zh-CN
    2057: _SLASHES,  # en-GB
    2070: _SLASHES,  # pt-PT
    3081: _SLASHES,  # en-AU
    3082: _SLASHES,  # es-ES
    6153: _SLASHES,  # en-IE
}


def form_date(value: date | None, lcid: int) -> str | None:
    """A date as a form of the site takes it, "" for none; None where its locale is not known."""
    if value is None:
        return ""
    form = _FORMS.get(lcid)
    return None if form is None else form.format(value)
