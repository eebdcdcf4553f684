"""Languages and regional formats of a site by SharePoint's numbers for them.

learn.microsoft.com, "Language packs for SharePoint" and, for the formats, the LCIDs of [MS-LCID].
"""

from __future__ import annotations

LANGUAGES = {
    1025: "ar-SA",
    1028: "zh-TW",
    1029: "cs-CZ",
    1030: "da-DK",
    1031: "de-DE",
    1032: "el-GR",
    1033: "en-US",
    1035: "fi-FI",
    1036: "fr-FR",
    1037: "he-IL",
    1038: "hu-HU",
    1040: "it-IT",
    1041: "ja-JP",
    1042: "ko-KR",
    1043: "nl-NL",
    1044: "nb-NO",
    1045: "pl-PL",
    1046: "pt-BR",
    1048: "ro-RO",
    1049: "ru-RU",
    1053: "sv-SE",
    1054: "th-TH",
    1055: "tr-TR",
    1058: "uk-UA",
    2052: "zh-CN",
    2070: "pt-PT",
    3082: "es-ES",
}
"""Language of a site by its LCID."""

FORMATS = LANGUAGES | {
    2055: "de-CH",
    2057: "en-GB",
    2058: "es-MX",
    2060: "fr-BE",
    2064: "it-CH",
    2067: "nl-BE",
    3079: "de-AT",
    3081: "en-AU",
    3084: "fr-CA",
    4103: "de-LU",
    4105: "en-CA",
    4108: "fr-CH",
    5129: "en-NZ",
    5132: "fr-LU",
    6153: "en-IE",
    7177: "en-ZA",
    16393: "en-IN",
    18441: "en-SG",
}
"""How dates and numbers are written, by the LCID of a site's regional settings."""

LCIDS = {tag: number for number, tag in FORMATS.items()}
