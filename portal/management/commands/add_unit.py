"""`manage.py add_unit 东山县总工会 --level county --nature union_body`: one organisation into a season."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions import OrganizationFields, create_organization
from accounts.models import Level, Line, Nature, Organization, Ownership
from contests.actions.enrol import enrol
from contests.models import Contest, Enrolment
from core.errors import Refusal


class Command(BaseCommand):
    help = "新增一个组织（已有的不再新增），并在推荐单位之下登记参加一届竞赛；账号另用 add_user 新增。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        levels = [level for level in Level.values if level != Level.HOST]
        parser.add_argument("name", help="组织全称")
        parser.add_argument("--level", required=True, choices=levels, help="层级")
        parser.add_argument("--nature", required=True, choices=Nature.values, help="单位性质")
        parser.add_argument("--recommender", default="", help="推荐单位的编号或全称；缺省为主办单位")
        parser.add_argument("--short", default="", help="简称")
        parser.add_argument("--line", choices=Line.values, help="所属系统；缺省与推荐单位相同")
        parser.add_argument("--ownership", default="", choices=["", *Ownership.values], help="企业的所有制")
        parser.add_argument("--industry", default="", help="行业代码（GB/T 4754），如 C3511")
        parser.add_argument("--head-count", type=int, help="职工人数")
        parser.add_argument("--contest", type=int, help="竞赛编号；缺省为最近一届")

    def handle(self, *args: Any, **options: Any) -> None:
        contest = _contest(options["contest"])
        recommender = _recommender(contest, options["recommender"].strip())
        try:
            with transaction.atomic():
                row = _enrolled(contest, recommender, options)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            f"{row.name}（组织编号 {row.organization_id}）已参加{contest}，推荐单位：{recommender.name}。"
        )


def _contest(pk: int | None) -> Contest:
    found = Contest.objects.filter(pk=pk) if pk else Contest.objects.newest_first()
    contest = found.first()
    if contest is None:
        raise CommandError("还没有这届竞赛，请先用 create_contest 建立。")
    return contest


def _recommender(contest: Contest, wanted: str) -> Enrolment:
    rows = contest.enrolments.select_related("organization")
    if not wanted:
        return rows.get(recommender__isnull=True)
    by = (
        {"organization": int(wanted)}
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 19
        else {"name": wanted}
    )
    found = list(rows.filter(**by)[:2])
    if len(found) == 1:
        return found[0]
    why = "有多个单位叫这个名称，请改用组织编号" if found else "请先用 add_unit 新增它"
    raise CommandError(f"“{wanted}”不能作推荐单位：{why}。")


def _enrolled(contest: Contest, recommender: Enrolment, options: dict[str, Any]) -> Enrolment:
    organization = _organization(recommender.organization, options)
    if contest.enrolments.filter(organization=organization).exists():
        raise Refusal(f"{organization.name}已经参加{contest}，不需要重复登记。")
    return enrol(None, contest, organization, recommender)


def _organization(parent: Organization, options: dict[str, Any]) -> Organization:
    """The child of that name, or a new one; a known one keeps what is known of it."""
    known = Organization.objects.filter(parent=parent, name=options["name"].strip()).first()
    if known:
        return known
    fields: OrganizationFields = {
        "line": options["line"] or parent.line,
        "ownership": options["ownership"],
        "short_name": options["short"],
        "head_count": options["head_count"],
        "industry_code": options["industry"],
    }
    return create_organization(None, parent, options["name"], options["level"], options["nature"], **fields)
