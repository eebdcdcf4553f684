"""Packs are pinned by their major version, and a plan says what a newer one is."""

from __future__ import annotations

from provisioner.engine.packs import pack_changes, packs_of


def test_only_packs_count_among_what_was_merged():
    sources = ("evidence-base@1.0.0", "soc2-saas@1.2.0", "client.yaml", "evidence-base@1.0.0")
    assert packs_of(sources) == ("evidence-base@1.0.0", "soc2-saas@1.2.0")


def test_what_is_newer_new_or_gone_is_said_in_words():
    changes = pack_changes(
        "base@1.0.0 old@1.0.0 same@2.0.0", ("base@1.1.0", "same@2.0.0", "x@1.0.0")
    )
    assert [one.words() for one in changes] == [
        "base 1.0.0 → 1.1.0",
        "x 1.0.0 is new",
        "old 1.0.0 is no longer used",
    ]


def test_without_a_record_nothing_has_changed():
    assert pack_changes("", ("base@1.1.0",)) == ()


def test_the_plan_after_a_pack_was_changed_says_so(provisioner):
    pack = provisioner.folder / "mine"
    pack.mkdir()

    def written(version: str, title: str) -> None:
        (pack / "pack.yaml").write_text(
            f"apiVersion: provisioner/v1\nkind: Pack\nname: mine\nversion: '{version}'\n"
            f"title: Mine\nsummary: Two lists.\n",
            "utf-8",
        )
        (pack / "10-lists.yaml").write_text(f"lists: [{{key: risks, title: {title}}}]\n", "utf-8")

    written("1.0.0", "Risks")
    file = provisioner.file(
        "apiVersion: provisioner/v1\nkind: Workspace\nextends: ./mine\ntenant: {cloud: emulator}\n"
        "site: {url: /sites/acme, title: Acme, create: team, owner: vciso@contoso.example}\n"
    )
    assert provisioner("apply", file, "--yes").code == 0
    written("1.1.0", "Risk register")
    plan = provisioner("plan", file)
    assert "Pack mine 1.0.0 → 1.1.0" in plan.out
    assert provisioner("plan", file, "--format", "json").json()["packs"] == [
        {"name": "mine", "before": "1.0.0", "after": "1.1.0"}
    ]
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner("plan", file, "--format", "json").json()["packs"] == []
