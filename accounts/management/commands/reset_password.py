"""`manage.py reset_password chen`: a one-time password for somebody who forgot hers."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.models import User


class Command(BaseCommand):
    help = "把一个账号的密码改为一次性密码并显示；下次登录须修改，其他登录随即失效。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"没有用户名为“{options['username']}”的账号。")
        self.stdout.write(f"一次性密码：{actions.reset_password(user)}（下次登录须修改）")
