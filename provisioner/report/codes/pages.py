"""Codes of pages and navigation, told before anything is sent."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

PAGES = (
    Explanation(
        "PAGE-TWICE",
        title="Two pages have the same name",
        meaning="They differ in capitals only, and SharePoint takes them for one file.",
        next="Rename one of them.",
    ),
    Explanation(
        "PAGE-HOME",
        title="More than one home page",
        meaning="A site opens with one page. Two pages of the file say `home: true`.",
        next="Keep it on the page people should see first.",
    ),
    Explanation(
        "PAGE-LAYOUT",
        title="This site has no sections of full width",
        meaning="Only communication sites have them; team sites and sites of a group do not.",
        next="Use the layout oneColumn, or make a communication site.",
    ),
    Explanation(
        "PAGE-LINK",
        title="A link leads to a page that is not declared",
        meaning="`page:<name>` stands for a page of this file, and the file has none of that name.",
        next="Correct the name or declare the page. To link to a page that people made, write its "
        "path, such as /sites/acme/SitePages/Help.aspx.",
    ),
    Explanation(
        "CHART-COLUMN",
        title="A chart is drawn from a column it cannot use",
        meaning="The column is not one of the list's, or what should be drawn is no number. Columns "
        "are named by internal name.",
        next="Name a column of that list as `label`, and a number column as `value`.",
    ),
    Explanation(
        "NAVIGATION-TWICE",
        title="Two entries lead to the same place",
        meaning="Entries of one level are known by where they lead, so that their titles may "
        "change. Two with the same link cannot be told apart.",
        next="Take one of them away, or put it below another entry.",
    ),
)
