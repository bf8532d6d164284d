"""`manage.py add_user chen --name 陈一 --organization 晋城市总工会 --role office`: a new server's first account."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import actions
from accounts.models import Organization, Role, User
from accounts.passwords import one_time_password
from core.errors import Refusal


class Command(BaseCommand):
    help = "新增一个账号并授予身份，显示一次性密码；首次登录须修改。已有的账号只增加身份，密码不变。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="用户名")
        parser.add_argument("--name", default="", help="姓名；新账号必填")
        parser.add_argument("--organization", required=True, help="组织的编号或全称")
        parser.add_argument("--role", required=True, choices=Role.values, help="角色")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = _organization(options["organization"])
        try:
            with transaction.atomic():
                user, password = _account(options["username"], options["name"])
                actions.grant_membership(None, user, organization, options["role"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{user.username} 已是{organization}的{Role(options['role']).label}。")
        if password:
            self.stdout.write(f"一次性密码：{password}（首次登录须修改）")


def _account(username: str, name: str) -> tuple[User, str]:
    known = User.objects.filter(username__iexact=username).first()
    if known:
        return known, ""
    password = one_time_password()
    return actions.create_user(None, username, name, password, must_change_password=True), password


def _organization(wanted: str) -> Organization:
    by = {"pk": int(wanted)} if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else {"name": wanted.strip()}
    found = list(Organization.objects.active().filter(**by)[:2])
    if len(found) == 1:
        return found[0]
    raise CommandError(f"没有找到组织“{wanted}”。" if not found else f"有多个组织叫“{wanted}”，请改用编号。")
