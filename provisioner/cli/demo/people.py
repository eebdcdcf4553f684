"""The people of Acme Payments. None of them exists; the emulator's tenant knows them all."""

from __future__ import annotations

VCISO = "vciso@contoso.example"
IAM = "iam@contoso.example"
SRE = "sre@contoso.example"
APPSEC = "appsec@contoso.example"
PAYMENTS = "payments@contoso.example"
COMPLIANCE = "compliance@contoso.example"
CTO = "cto@contoso.example"
VENDOR = "vendor@contoso.example"
PRIVACY = "privacy@contoso.example"

PEOPLE_BY_ROLE: dict[str, str] = {
    "API platform owner": APPSEC,
    "API product owner": APPSEC,
    "AppSec lead": APPSEC,
    "CTO": CTO,
    "Compliance manager": COMPLIANCE,
    "Customer operations lead": PAYMENTS,
    "Data platform lead": SRE,
    "Engineering manager": CTO,
    "Finance operations lead": PAYMENTS,
    "IAM admin": IAM,
    "Incident manager": SRE,
    "Integration lead": PAYMENTS,
    "Operations lead": PAYMENTS,
    "Payments operations lead": PAYMENTS,
    "Payments product owner": PAYMENTS,
    "People operations lead": IAM,
    "Platform architect": SRE,
    "Platform lead": SRE,
    "QA lead": CTO,
    "SRE lead": SRE,
    "Security analyst": APPSEC,
    "Security lead": APPSEC,
    "System owner": IAM,
    "Vendor manager": VENDOR,
    "vCISO": VCISO,
}
"""Who stands behind each role of the catalogue, for `people:` in the client's file."""

MEMBERS: dict[str, tuple[str, ...]] = {
    "Evidence Owners": (APPSEC, COMPLIANCE, IAM, PAYMENTS, PRIVACY, SRE, VENDOR),
    "Evidence Reviewers": (COMPLIANCE, CTO, VCISO),
    "Leadership": (CTO,),
}
"""Who is in the groups of the site, so that each of them can sign in there and work."""
