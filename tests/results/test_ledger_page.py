"""The supervisor reads every event: by keyset, filtered, with names of today; nobody else may."""

from __future__ import annotations

import ast
import re
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import record_employment
from core.ledger import SITE
from core.models import ChainHead, Event
from portal import ledger as reads
from portal.ledger_words import SITE_SUBJECTS, SITE_VERBS, SUBJECTS, VERBS
from scoring.models import Round
from submissions import lifecycle
from tests.cast import Cast, accepted, scene
from tests.results.jury import client_of, judging


@pytest.fixture
def round_(cast: Cast) -> Round:
    accepted(cast)
    judging.to_review(cast)
    return judging.closed(cast)


def get(cast: Cast, who: str = "supervisor", **asked: object) -> str:
    return client_of(cast, who).get(reverse("portal:ledger"), asked).content.decode()


def test_every_event_is_there_once(cast: Cast, round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "PAGE", 7)
    seen, before = [], None
    while True:
        page = reads.page(cast.contest.chain, before=before, verb="", subject="")
        seen += [line.event.seq for line in page.lines]
        before = page.older
        if before is None:
            break
    assert seen == list(range(Event.objects.filter(chain=cast.contest.chain).count(), 0, -1))


def test_names_are_read_with_the_events(cast: Cast, round_: Round) -> None:
    text = get(cast)
    head = ChainHead.objects.get(chain=cast.contest.chain)
    assert head.hash in text
    assert "截止评分" in text
    assert any(f"终评 A0001 × {name}" in text for name in ("蒋一", "沈二", "韩三", "杨四"))
    assert "王敏" in text
    assert [event for event in Event.objects.all() if "蒋一" in event.payload] == []


def test_the_supervisors_home_speaks_in_the_same_words(cast: Cast, round_: Round) -> None:
    """The newest twenty: no code of a verb, no id of a subject."""
    text = client_of(cast, "supervisor").get("/").content.decode()
    cells = re.findall(r"<td>([^<]*)</td>", text[text.index("最近的决定") :])
    newest = Event.objects.filter(chain=cast.contest.chain).order_by("-seq")[:20]
    assert {reads.VERBS[event.verb] for event in newest} <= set(cells)
    assert [cell for cell in cells if re.fullmatch(r"[a-z_]+(:\d+)?", cell)] == []
    assert "终评" in cells


def test_by_verb_and_by_subject(cast: Cast, round_: Round) -> None:
    only = reads.page(cast.contest.chain, before=None, verb="hand_in", subject="")
    assert {line.verb for line in only.lines} == {"提交评分表"}
    assert len(only.lines) == 3
    one = reads.page(cast.contest.chain, before=None, verb="", subject=f"round:{round_.pk}")
    assert {line.subject for line in one.lines} == {"终评"}
    kind = reads.page(cast.contest.chain, before=None, verb="", subject="sheet")
    assert len(kind.lines) == 3
    assert "没有符合条件的记录" in get(cast, subject="round:999999")
    assert "截止评分" in get(cast, verb="nonsense", subject="'; drop", before="x")


def test_only_the_supervisor(cast: Cast, round_: Round) -> None:
    for who in ("office", "auditor_a", "unit_a", "expert1"):
        assert client_of(cast, who).get(reverse("portal:ledger")).status_code == 403


def test_the_chain_of_the_site_for_supervisor_and_office(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts, employments and aliases belong to no contest: every event of theirs once, in words, by id alone."""
    record_employment(cast["office"], cast["expert1"].user, "无名机械厂", date(2015, 1, 1))
    head = ChainHead.objects.get(chain=SITE)
    for who in ("supervisor", "office"):
        text = get(cast, who, chain=SITE)
        assert head.hash in text
        assert "登记任职" in text
        assert "无名机械厂" not in text
        assert "截止评分</option>" not in text
    assert "授予身份" in get(cast, "office", chain=SITE, verb="grant_membership")
    seen, before = 0, None
    monkeypatch.setattr(reads, "PAGE", 7)
    while True:
        page = reads.page(SITE, before=before, verb="", subject="")
        assert [line.verb for line in page.lines if line.verb == line.event.verb] == []
        seen, before = seen + len(page.lines), page.older
        if before is None:
            break
    assert seen == head.seq == Event.objects.filter(chain=SITE).count()
    for who in ("auditor_a", "unit_a", "expert1"):
        assert client_of(cast, who).get(reverse("portal:ledger"), {"chain": SITE}).status_code == 403


def test_looking_and_posting_change_nothing(cast: Cast, round_: Round) -> None:
    before = Event.objects.count()
    get(cast)
    assert client_of(cast, "supervisor").post(reverse("portal:ledger")).status_code == 405
    assert Event.objects.count() == before


def test_a_longer_page_costs_no_more(cast: Cast) -> None:
    counts = []
    for works in (1, 3):
        with scene():
            for _ in range(works):
                accepted(cast)
            judging.to_review(cast)
            judging.closed(cast)
            supervisor = client_of(cast, "supervisor")
            with CaptureQueriesContext(connection) as seen:
                assert supervisor.get(reverse("portal:ledger")).status_code == 200
            counts.append(len(seen))
    assert counts[0] == counts[1] <= 16


def recorded() -> tuple[set[str], set[str]]:
    """Verbs and kinds of subject that the code writes into the chains, as its calls name them."""
    verbs = {*lifecycle.MOVES, lifecycle.HOLD, lifecycle.RELEASE}
    verbs |= {lifecycle.undo_of(verb) for verb in lifecycle.UNDOABLE}
    kinds: set[str] = set()
    for app in ("accounts", "contests", "documents", "portal", "scoring", "submissions"):
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in RECORDING:
                    verbs |= {text for argument in node.args[1:3] for text in words(argument)}
                    kinds |= {text.removesuffix(":") for argument in node.args[1:3] for text in beginning(argument)}
                elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "verb":
                    verbs |= words(node.value)
    return verbs, kinds


RECORDING = ("record", "_record", "_changed")


def words(argument: ast.expr) -> set[str]:
    options = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    texts = {str(one.value) for one in options if isinstance(one, ast.Constant)}
    return {text for text in texts if re.fullmatch("[a-z_]+", text)}


def beginning(argument: ast.expr) -> list[str]:
    first = argument.values[0] if isinstance(argument, ast.JoinedStr) else None
    return [str(first.value)] if isinstance(first, ast.Constant) and str(first.value).endswith(":") else []


def test_every_verb_and_every_subject_has_words() -> None:
    verbs, kinds = recorded()
    assert {"submit", "undo_return", "ban", "swap_sheet", "save_panel", "blind_mask", "set_quotas"} <= verbs
    assert {"achievement", "case", "flag", "round"} <= kinds
    assert {"register_expert", "import_experts", "judge_alias", "grant_membership"} <= verbs
    assert sorted(verbs - set(VERBS) - set(SITE_VERBS)) == []
    assert sorted(kinds - set(SUBJECTS) - set(SITE_SUBJECTS)) == []
