"""Links that are safe to offer: web addresses and places on the site, and nothing else."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

# What a URL may hold as it stands; everything else is percent-encoded ("%" stays: it is encoded already).
_KEPT = ":/?#[]@!$&'()*+,;=-._~%"


def safe_link(url: str, site_url: str = "") -> str | None:
    """The address to link to; None when it is none, or one that a page should not offer.

    Taken are http and https addresses, and paths, which are completed with the host of `site_url`
    ("/sites/x/file.pdf") or with the whole of it ("Library/file.pdf"). `javascript:`, `data:` and
    every other scheme, `//host` and anything with a backslash or a control character are refused.
    """
    text = url.strip()
    if not text or "\\" in text or any(ord(one) < 32 or ord(one) == 127 for one in text):
        return None
    try:
        parts = urlsplit(text)
        site = urlsplit(site_url.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return _quoted(text) if parts.scheme in {"http", "https"} and parts.netloc else None
    if site.scheme not in {"http", "https"} or not site.netloc:
        return None
    if text.startswith("/"):
        return _quoted(f"{site.scheme}://{site.netloc}{text}")
    return _quoted(f"{site.scheme}://{site.netloc}{site.path.rstrip('/')}/{text}")


def _quoted(url: str) -> str | None:
    try:
        return quote(url, safe=_KEPT)
    except UnicodeEncodeError:  # half of a surrogate pair: no server knows such a file
        return None
