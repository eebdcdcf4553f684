"""Regions by name, and the numbers SharePoint knows them by."""

from __future__ import annotations

LOCALES: dict[str, int] = {
    "cs-CZ": 1029,
    "da-DK": 1030,
    "de-AT": 3079,
    "de-CH": 2055,
    "de-DE": 1031,
    "en-AU": 3081,
    "en-CA": 4105,
    "en-GB": 2057,
    "en-IE": 6153,
    "en-IN": 16393,
    "en-NZ": 5129,
    "en-US": 1033,
    "en-ZA": 7177,
    "es-ES": 3082,
    "es-MX": 2058,
    "fi-FI": 1035,
    "fr-BE": 2060,
    "fr-CA": 3084,
    "fr-CH": 4108,
    "fr-FR": 1036,
    "it-IT": 1040,
    "ja-JP": 1041,
    "ko-KR": 1042,
    "nb-NO": 1044,
    "nl-BE": 2067,
    "nl-NL": 1043,
    "pl-PL": 1045,
    "pt-BR": 1046,
    "pt-PT": 2070,
    "sv-SE": 1053,
    "zh-CN": 2052,
}
"""Regions whose money a currency column can show (Microsoft's locale ids, [MS-LCID])."""
