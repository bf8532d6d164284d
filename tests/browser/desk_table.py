"""Every page of the desk: its URL's name, who looks at it, and how she comes there.

A way is an address, and after it the links to follow (the first visible one of each selector). `!name` is a deed of
`tests/browser/test_desk_every_page.py`: what is done by hand first, such as a workbook brought or a form started.
"""

from __future__ import annotations

A_WORK = "main table a[href^='/achievements/']:not([href$='/edit/'])"
A_RECEIPT = "main a[href^='/sending/']:not([href*='reports'])"
A_NOMINATION = "main a[href^='/nominations/']"
A_STUDIO = "main a[href^='/studios/']:not([href$='/new/'])"

PAGES: list[tuple[str, str, str]] = [
    # the unit
    ("portal:home", "unit", "/"),
    ("submissions:list", "unit", "/achievements/"),
    ("submissions:new", "unit", "/achievements/new/"),
    ("submissions:import", "unit", "/achievements/import/"),
    ("submissions:import_preview", "unit", "!workbook"),
    ("submissions:edit", "unit", "/achievements/ >> main a[href$='/edit/']"),
    ("submissions:continues", "unit", f"/achievements/?status=draft >> {A_WORK} >> main a[href$='/continues/']"),
    ("submissions:detail", "unit", f"/achievements/ >> {A_WORK}"),
    ("submissions:queue", "unit", "/audit/"),
    ("submissions:sending", "unit", "/sending/"),
    ("submissions:cases", "unit", "/cases/"),
    ("submissions:ip_help", "unit", "/ip-help/"),
    ("submissions:nominations", "unit", "/nominations/"),
    ("submissions:nomination", "unit", "!nomination"),
    ("submissions:studios", "unit", "/studios/"),
    ("submissions:demonstrations", "unit", "/demonstrations/"),
    ("contests:extensions", "unit", "/extensions/"),
    ("documents:papers", "unit", "/papers/"),
    ("documents:preview", "unit", "/achievements/ >> main a[href$='/edit/'] >> main a[href*='/papers/preview/']"),
    # who audits: a county, the second person of a direct unit, a partner body
    ("portal:home", "county", "/"),
    ("submissions:queue", "county", "/audit/"),
    ("submissions:queue", "county", "/audit/?tab=done"),
    ("submissions:queue", "county", "/audit/?tab=overdue"),
    ("submissions:audit", "county", "/audit/?tab=all >> .wx-q a[href^='/audit/'][hx-get]"),
    ("submissions:bulk", "county", "!bulk"),
    ("submissions:batch", "county", "!batch"),
    ("submissions:detail", "county", f"/achievements/ >> {A_WORK}"),
    ("submissions:sending", "county", "/sending/"),
    ("submissions:dispatch", "county", f"/sending/ >> {A_RECEIPT}"),
    ("submissions:pairs", "county", "/duplicates/"),
    ("submissions:pair", "county", "/duplicates/ >> main a[href^='/duplicates/']"),
    ("submissions:cases", "county", "/cases/"),
    ("submissions:case_new", "county", "/audit/ >> main a[href$='/case/']"),
    ("submissions:people", "county", "/audit/ >> main a[href$='/people/']"),
    ("submissions:nominations", "office", "/nominations/"),
    ("submissions:nomination", "office", f"/nominations/ >> {A_NOMINATION}"),
    (
        "documents:nomination_preview",
        "office",
        f"/nominations/ >> {A_NOMINATION} >> main a[href*='/papers/nominations/']",
    ),
    ("submissions:ip_help", "partner", "/ip-help/"),
    ("documents:papers", "county", "/papers/"),
    ("documents:paper", "county", "!paper"),
    # the office, and who watches it
    ("portal:home", "office", "/"),
    ("portal:affairs", "office", "/affairs/"),
    ("submissions:queue", "office", "/audit/"),
    ("submissions:detail", "office", f"/achievements/ >> {A_WORK}"),
    ("submissions:sending", "office", "/sending/"),
    ("submissions:dispatch", "office", f"/sending/ >> {A_RECEIPT}"),
    ("submissions:pair", "office", "/duplicates/ >> main a[href^='/duplicates/']"),
    ("submissions:cases", "office", "/cases/"),
    ("submissions:case", "office", "/cases/ >> main a[href^='/cases/']"),
    ("submissions:ip_help", "office", "/ip-help/"),
    ("submissions:quotas", "office", "/quotas/"),
    ("submissions:studios", "office", "/studios/"),
    ("submissions:studio", "office", f"/studios/ >> {A_STUDIO}"),
    ("submissions:studio_new", "office", "/studios/new/"),
    ("submissions:studio_edit", "office", f"/studios/ >> {A_STUDIO} >> main a[href$='/edit/']"),
    ("submissions:demonstrations", "office", "/demonstrations/"),
    ("submissions:demonstration", "office", "/demonstrations/ >> main table a[href^='/demonstrations/']"),
    ("contests:extensions", "office", "/extensions/"),
    ("submissions:sending", "supervisor", "/sending/"),
    ("submissions:case", "supervisor", "/cases/ >> main a[href^='/cases/']"),
    ("submissions:quotas", "supervisor", "/quotas/"),
]

# Printed, brought back and looked at in tests/browser/test_desk_pages.py.
ELSEWHERE = {"documents:stamped"}
# What a GET of these answers is a file.
NO_PAGES = {
    "submissions:template", "submissions:export", "submissions:attachment", "submissions:photo_file",
    "submissions:stamped_file", "submissions:report", "submissions:case_file", "documents:download",
}  # fmt: skip
