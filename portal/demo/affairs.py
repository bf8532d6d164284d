"""What else goes on in the demo's season: more time for a unit, help with a patent, nominations of units."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.actor import Actor
from contests.actions.extending import extend
from contests.calendar import recommender_closing
from contests.models import Enrolment
from contests.queries import season_of
from portal.demo import clock
from portal.demo.tree import person_name
from portal.demo.walk import Season
from submissions.actions import helping, nominating
from submissions.models import Achievement, UnitNomination
from submissions.rules.nominations import Step

BRIEF = (
    "全年开展“五小”竞赛 {contests} 场，收集成果 {works} 项，其中用于生产 {used} 项，年创效益 {wan} 万元；"
    "车间、班组两级都建立了评比和奖励办法，优秀成果当月兑现奖励。"
)
NEEDS = (
    ("想申请实用新型专利，不会写权利要求书，请帮助联系专利代理师。", ""),
    ("成果已在本单位应用半年，想知道现在申请发明专利是否还有新颖性。", "请周三到市科协办公室，有专利代理师当面答疑。"),
)
OPINIONS = {Step.UNIT: "同意申报。", Step.COUNTY: "同意推荐。", Step.CITY: "同意评为优胜单位。"}


def go_on(season: Season, at: datetime) -> None:
    """Everything by the real actions, some minutes apart."""
    with clock.at(at):
        _more_time(season)
    for number, (need, answer) in enumerate(NEEDS):
        with clock.at(at + timedelta(minutes=5 + number)):
            _help(season, number, need, answer)
    for number, key in enumerate(_units(season)):
        with clock.at(at + timedelta(minutes=10 + number)):
            _nominate(season, key, number)


def _more_time(season: Season) -> None:
    key = _units(season)[-1]
    closes = recommender_closing(season_of(season.contest))
    assert closes is not None
    extend(season.office, season.enrolments[key], closes + timedelta(days=1), "所在园区计划停电两日，无法登录平台。")


def _help(season: Season, number: int, need: str, answer: str) -> None:
    works = Achievement.objects.filter(contest=season.contest, status="accepted", unit__is_team=False)
    work = works.select_related("unit").order_by("pk")[number]
    key = next(key for key, row in season.enrolments.items() if row.pk == work.unit_id)
    asked = helping.ask(season.tree.operators[key], work.pk, need)
    if answer:
        helping.answer(season.tree.auditors["science"], asked.pk, answer)


def _units(season: Season) -> list[str]:
    """Enterprises and institutions with somebody who fills in and a desk next to the host above them."""
    natures = season.contest.sections["winner_unit"]["natures"]
    rows = [(key, row) for key, row in season.enrolments.items() if key in season.tree.operators and not row.is_team]
    return [key for key, row in rows if row.nature in natures and _county(season, row) and not row.audits][:6]


def _county(season: Season, unit: Enrolment) -> Actor | None:
    top = int(unit.path.split(".")[1])
    key = next(key for key, row in season.enrolments.items() if row.pk == top)
    return season.tree.auditors.get(key)


def _nominate(season: Season, key: str, number: int) -> None:
    """One stays a draft, the others come one step further each."""
    operator, unit = season.tree.operators[key], season.enrolments[key]
    unit.contest = season.contest
    row = nominating.start(operator, unit)
    figures = {"contests": 3 + number, "works": 24 + 7 * number, "used": 15 + 4 * number, "wan": 180 + 65 * number}
    values = {
        "legal_representative": person_name("legal", key),
        "phone": "0356-2025123",
        "head_count": unit.head_count or 300,
        "participants": min(unit.participants or 200, unit.head_count or 300),
        "brief": BRIEF.format(**figures),
        "responsible_person": person_name("responsible", key),
    }
    row = nominating.save(operator, row.pk, values, row.revision)
    county = _county(season, unit)
    assert county is not None
    speakers = ((Step.UNIT, operator), (Step.COUNTY, county), (Step.CITY, season.office))
    for step, speaker in speakers[: number % 4]:
        row = _say(speaker, row, OPINIONS[step])


def _say(speaker: Actor, row: UnitNomination, text: str) -> UnitNomination:
    return nominating.give_opinion(speaker, row.pk, text, seen=row.status)
