"""A plan as one HTML page to read, print and sign; `html_page` says how it stays self-contained."""

from __future__ import annotations

from provisioner.engine.plan import Plan
from provisioner.report.brand import PLAIN, Brand
from provisioner.report.html_page import page
from provisioner.report.plan_approval import approval


def plan_html(plan: Plan, brand: Brand = PLAIN) -> str:
    """The whole page. The same plan always gives the same text."""
    made = approval(plan)
    return page("plan.html", {"plan": made}, brand, foot=f"Plan {made.digest} for {made.workspace}")
