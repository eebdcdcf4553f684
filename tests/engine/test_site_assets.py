"""Only files of the workspace's own folder go into a site, and no key ever does."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.engine.site_assets import Unusable, asset_of


def test_a_file_of_the_folder_becomes_an_asset_with_its_digest_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "Evidence form.DOCX").write_bytes(b"PK")
    made = asset_of("file:templates/Evidence form.DOCX", tmp_path, "template")
    assert (made.name[:14], made.name[-5:], made.content) == ("Evidence-form-", ".docx", b"PK")
    assert made.below("/sites/acme") == f"/sites/acme/SiteAssets/{made.name}"


@pytest.mark.parametrize("named", ["../key.docx", "{outer}/key.docx", "~/key.docx", "link.docx"])
def test_a_file_from_elsewhere_is_not_taken_along(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "key.docx").write_bytes(b"mine")
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "link.docx").symlink_to(tmp_path / "key.docx")
    with pytest.raises(Unusable) as caught:
        asset_of("file:" + named.format(outer=tmp_path), folder, "template")
    assert "folder" in caught.value.why


@pytest.mark.parametrize("name", ["app.pem", "app.PFX", ".env", "harmless.docx"])
def test_a_key_never_goes_into_a_site(name: str, tmp_path: Path) -> None:
    content = b"-----BEGIN RSA PRIVATE KEY-----" if name == "harmless.docx" else b"anything"
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unusable) as caught:
        asset_of(f"file:{name}", tmp_path, "logo")
    assert "key" in caught.value.why
