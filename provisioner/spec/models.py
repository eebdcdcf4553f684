"""What the workspace file says that belongs to no kind of resource.

Descriptions feed the JSON Schema that editors read. Values are not coerced: a number where text is
meant is an error, but for names, where a year is welcome.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel

API_VERSION = "provisioner/v1"

Cadence = Literal["weekly", "monthly", "quarterly", "semi-annual", "annual", "per-event", "once"]
EvidenceKind = Literal[
    "standing", "snapshot", "review", "log", "sample", "register", "exercise", "third-party"
]
PeriodState = Literal["Planned", "Open", "Fieldwork", "Report draft", "Issued", "Closed"]
Cloud = Literal["emulator", "global", "usgov", "usgov-dod", "china"]
AuthMethod = Literal["certificate", "secret", "device-code", "managed-identity", "federated"]

Text = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Criterion = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9](.{0,38}[A-Za-z0-9)])?$")]
"""An id of a criterion or control; `spec.frameworks` says which ids there are."""
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9._-]{0,63}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$")]
Days = Annotated[int, Field(ge=0, le=366)]


def _number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Name = Annotated[
    str,
    BeforeValidator(_number_as_text),
    StringConstraints(min_length=1, max_length=255),
    WithJsonSchema({"type": ["string", "integer"]}),
]


class SpecModel(BaseModel):
    """camelCase in the file, unknown keys refused, values not coerced, frozen."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, alias_generator=to_camel, populate_by_name=True
    )


class Auth(SpecModel):
    """How the provisioner signs in. Never a secret itself: `env:NAME` or `file:path`."""

    method: AuthMethod = Field(description="How to sign in as the app registration or as a person.")
    client_id: str | None = Field(
        None,
        description="Application (client) id; PROVISIONER_CLIENT_ID when left out. With a managed "
        "identity it names a user-assigned one, and none is the machine's own.",
    )
    certificate: Reference | None = Field(
        None, description="PEM file with private key and certificate: `file:app.pem` or `env:NAME`."
    )
    next_certificate: Reference | None = Field(
        None,
        description="A second certificate while one replaces the other. The one that ends last is "
        "tried first; when Entra does not know it yet, the other is used.",
    )
    certificate_password: Reference | None = Field(
        None, description="Password of the private key, as a reference."
    )
    secret: Reference | None = Field(None, description="Client secret, as a reference.")
    token_file: Reference | None = Field(
        None,
        description="File with the federated token of a workload: `file:path`, or `env:NAME` for "
        "a variable that holds the path. Left out in GitHub and Azure DevOps, which give one to "
        "the job.",
    )


class Tenant(SpecModel):
    """Which Microsoft 365 this workspace lives in, and how to sign in to it."""

    cloud: Cloud = Field(description="`emulator` is the local tenant; the others are Microsoft's.")
    tenant_id: str | None = Field(
        None, description="Directory (tenant) id or domain; PROVISIONER_TENANT_ID when left out."
    )
    hostname: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]+$")] | None = Field(
        None,
        description="SharePoint host, `contoso.sharepoint.com`; only the emulator has one already.",
    )
    auth: Auth | None = Field(None, description="How to sign in; not needed for the emulator.")


class Freshness(SpecModel):
    """What counts as fresh where an item does not say otherwise."""

    lead_days: Days = Field(14, description="“Due soon” begins this many calendar days before.")
    grace_days: Days = Field(14, description="Calendar days until what is late counts as missing.")
    review_sla_days: Days = Field(5, description="Business days in which a review is expected.")
    holidays: tuple[date, ...] = Field((), description="Days not worked, beside the weekends.")
    write_back: Literal["item", "findings"] = Field(
        "item",
        description="Where verdicts go: also on the item, or only in Evidence Findings, which "
        "leaves Modified alone.",
    )


class Safety(SpecModel):
    """From when a plan is so unlikely that somebody has to say that it is meant.

    A plan waits when it passes both the number and the percentage of the declared parts that stand
    on the site.
    """

    updates: int = Field(20, ge=0, description="Changed parts; `--allow updates` lets them pass.")
    updates_percent: Annotated[int, Field(ge=0, le=100)] = Field(
        60, description="The same, in percent of the parts that are there."
    )
    deletions: int = Field(
        10, ge=0, description="Removed parts; `--allow deletions` lets them pass."
    )
    deletions_percent: Annotated[int, Field(ge=0, le=100)] = Field(
        20, description="The same, in percent of the parts that are there."
    )


class Notifications(SpecModel):
    """Who is told, and how."""

    mail_from: str | None = Field(None, description="Mailbox that digests are sent from.")
    digest: Literal["daily", "weekly", "off"] = Field("weekly", description="How often.")
    teams_workflow_url: Reference | None = Field(
        None, description="Teams workflow address, as a reference: it carries its own signature."
    )


class Period(SpecModel):
    """An audit period: the days an auditor's report speaks about."""

    name: Name = Field(description="Its name, never reused.")
    type: Literal["type-1", "type-2"] = Field(description="One day, or a window of days.")
    start: date | None = Field(None, description="First day, included.")
    end: date | None = Field(None, description="Last day, included.")
    as_of: date | None = Field(None, description="The day of a type 1 report; else its `end`.")
    criteria: tuple[Text, ...] = Field(
        description="What is in scope: Security, Availability, Processing Integrity, "
        "Confidentiality, Privacy, or the name of a framework under `frameworks`."
    )
    state: PeriodState | None = Field(None, description="Where it stands when it is created.")
    auditor: Text | None = Field(None, description="The audit firm.")

    @model_validator(mode="after")
    def _dates_fit(self) -> Self:
        if self.type == "type-2" and (self.start is None or self.end is None):
            msg = "A type-2 period needs `start` and `end`."
            raise ValueError(msg)
        if self.type == "type-1" and self.as_of is None and self.end is None:
            msg = "A type-1 period needs `asOf`, the day the report speaks about."
            raise ValueError(msg)
        if self.start and self.end and self.start > self.end:
            msg = "The period ends before it starts."
            raise ValueError(msg)
        return self


class EvidenceItem(SpecModel):
    """One piece of evidence that is expected, again and again or once."""

    id: Key = Field(description="Its id, never reused: `E010`.")
    title: Text = Field(description="What it is, in a few words.")
    library: Key = Field(description="Key of the library its documents belong in.")
    control_area: Text = Field(description="The control area it supports.")
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)] = Field(
        description="Criteria or controls it supports, by id: `CC6.1`, or one of `frameworks`."
    )
    owner_role: Text = Field(description="The role that collects it; `people` says who that is.")
    reviewer_role: Text | None = Field(None, description="The role that reviews it.")
    cadence: Cadence = Field(description="How often it is expected.")
    kind: EvidenceKind = Field(description="The sort of evidence: it sets which dates matter.")
    source_system: Text = Field(description="Where it comes from.")
    sensitivity: Text = Field(description="How widely it may be seen.")
    fresh_when: str | None = Field(None, description="What fresh means for it, for people.")
    applies_to: tuple[Text, ...] = Field(
        (),
        description="Systems or vendors it is judged for, each alone. `list:vendor-register` stands "
        "for the critical vendors there.",
    )
    enabled: bool = Field(True, description="Whether it is expected at all.")
    anchor: date | None = Field(
        None, description="First day of its first slot; the window's start when left out."
    )
    lead_days: Days | None = Field(None, description="Its own lead, instead of `freshness`.")
    grace_days: Days | None = Field(None, description="Its own grace, instead of `freshness`.")
    review_sla_days: Days | None = Field(None, description="Its own review time, business days.")


class Framework(SpecModel):
    """Criteria or controls beside the Trust Services Criteria: a standard, a law, a contract."""

    name: Text = Field(description="What a period's `criteria` call it: `ISO 27001`.")
    criteria: Annotated[dict[Criterion, str], Field(min_length=1)] = Field(
        description="Each id with a short label of your own: `A.5.1: policies`."
    )


class Branding(SpecModel):
    """Whose reports these are: shown on every report, plan, drift page and digest."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=80)] = Field(
        description="The firm's name."
    )
    logo: Annotated[str, StringConstraints(pattern=r"^(file:.+|data:image/.+)$")] | None = Field(
        None,
        description="PNG or JPEG of up to 200 KB: `file:logo.png`, looked for beside the file that "
        "says so, or a `data:` address. Pages, workbooks and mails carry it along.",
    )
    color: Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")] | None = Field(
        None,
        description="The firm's colour, `#0b5394`; dark enough for white words on it and for links "
        "in it to be read.",
    )
    footer: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = Field(
        None, description="Words below every report: confidentiality, an address."
    )


class Reports(SpecModel):
    """Where reports go on the site, for `report --upload` and after a sync."""

    library: Key = Field(
        description="Key of a declared library that holds no evidence, for evidence is judged."
    )
    folder: Annotated[str, StringConstraints(max_length=200)] = Field(
        "", description="A folder in it, `Audit 2026/Reports`; made when it is not there."
    )
    after_sync: bool = Field(
        False,
        description="Whether a sync puts new reports there when they say something new. It then reads "
        "what a report reads, drift apart.",
    )


class Settings(SpecModel):
    """A workspace file, without the parts that are resources."""

    api_version: Literal["provisioner/v1"] = Field(description="Version of this format.")
    kind: Literal["Workspace"] = Field(description="What the file is.")
    extends: str | tuple[str, ...] = Field(
        (),
        description="Packs with their major version (`soc2-fintech-api@1`) or paths, merged in "
        "order under this file.",
    )
    parameters: dict[str, str | int | float | bool] = Field(
        default_factory=dict, description="Values for `{{ name }}` in the packs and in this file."
    )
    patterns: dict[str, dict[str, object]] = Field(
        default_factory=dict,
        description="What libraries or lists have in common; one of them takes it over with "
        "`like: name`.",
    )
    tenant: Tenant = Field(description="Which Microsoft 365, and how to sign in.")
    freshness: Freshness = Field(default_factory=Freshness, description="Defaults for judging.")
    people: dict[str, Text | tuple[Text, ...]] = Field(
        default_factory=dict,
        description="Roles and who fills them: `IAM admin: iam@contoso.example`.",
    )
    safety: Safety = Field(
        default_factory=Safety, description="From when a plan is too much to be meant."
    )
    notifications: Notifications = Field(
        default_factory=Notifications, description="Who is told of what needs doing."
    )
    reports: Reports | None = Field(None, description="Where reports go on the site.")
    branding: Branding | None = Field(None, description="Whose reports these are.")
    frameworks: tuple[Framework, ...] = Field(
        (), description="Criteria beside the Trust Services Criteria, which are always known."
    )
    periods: tuple[Period, ...] = Field((), description="Audit periods.")
    evidence: tuple[EvidenceItem, ...] = Field((), description="The expected-evidence catalogue.")


SETTINGS_KEYS = frozenset(field.alias or name for name, field in Settings.model_fields.items())
"""Top-level keys that are ours; the others are mounts of kinds."""
