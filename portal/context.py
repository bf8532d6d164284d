"""What every page's frame shows: the hat, its navigation, the server's time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    active: bool


HOME = ("工作台", "portal:home")
ACHIEVEMENTS = ("成果", "submissions:list")
AUDIT = ("审核", "submissions:queue")
SENDING = ("报送", "submissions:sending")
ROUNDS = ("评审", "scoring:rounds")
EXPERTS = ("专家", "scoring:experts")
SHEETS = ("我的评分", "scoring:sheets")
CASES = ("案件", "submissions:cases")
LEDGER = ("记录", "portal:ledger")
PAPERS = ("公文", "documents:papers")
AFFAIRS = ("事务", "portal:affairs")
_BEHIND_AFFAIRS = ("/extensions/", "/ip-help/", "/nominations/", "/quotas/", "/studios/", "/demonstrations/")

_BY_ROLE = {
    "unit_operator": (HOME, ACHIEVEMENTS, PAPERS, AFFAIRS),
    "auditor": (HOME, AUDIT, SENDING, ACHIEVEMENTS, ROUNDS, PAPERS, AFFAIRS),
    "office": (HOME, AUDIT, SENDING, ACHIEVEMENTS, ROUNDS, EXPERTS, CASES, PAPERS, AFFAIRS),
    "supervisor": (HOME, SENDING, ACHIEVEMENTS, ROUNDS, EXPERTS, CASES, LEDGER, PAPERS, AFFAIRS),
    "expert": (HOME, SHEETS),
}


def navigation(actor: Actor | None, path: str) -> list[NavItem]:
    """The role's pages; the one whose address begins the current path is active."""
    if actor is None:
        return []
    items = [(label, reverse(name)) for label, name in _BY_ROLE[actor.role]]
    home, affairs = reverse(HOME[1]), reverse(AFFAIRS[1])
    path = affairs if path.startswith(_BEHIND_AFFAIRS) else path
    return [NavItem(label, url, path == url or (url != home and path.startswith(url))) for label, url in items]


# What the demo's sign-in page offers; the names are those of portal/demo/seed.py.
DEMO_SIGN_INS = {
    "demo_password": settings.DEMO_PASSWORD,
    "demo_logins": (
        ("office", "市竞赛办公室"),
        ("supervisor", "监督员"),
        ("county", "高平市总工会审核员"),
        ("group", "集团工会审核员"),
        ("partner", "市科协审核员"),
        ("unit", "基层单位填报员"),
        ("direct", "市直医院填报员"),
        ("direct2", "市直医院审核员"),
        ("expert1", "评委（至 expert9）"),
        ("office2", "竞赛办公室第二人"),
    ),
}


def site(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "nav": navigation(actor, request.path),
        "server_now": timezone.now(),
        "demo": settings.WUXIAO_DEMO,
        **(DEMO_SIGN_INS if settings.WUXIAO_DEMO and actor is None else {}),
    }
