"""The password rules of 等级保护 level 2 that Django does not bring along; named in AUTH_PASSWORD_VALIDATORS."""

import secrets
import string

from django.core.exceptions import ValidationError

from accounts.models import User

_EASY_TO_READ = "".join(c for c in string.ascii_letters + string.digits if c not in "0OoIl1")
KINDS = "大写字母、小写字母、数字、符号"


def kinds_of_characters(password: str) -> int:
    """How many of the four kinds occur; a Chinese character counts as a symbol."""
    plain = string.ascii_letters + string.digits
    return sum(
        any(test(c) for c in password)
        for test in (
            lambda c: c in string.ascii_uppercase,
            lambda c: c in string.ascii_lowercase,
            lambda c: c in string.digits,
            lambda c: c not in plain,
        )
    )


def one_time_password() -> str:
    """Fifteen characters in three groups, none mistaken for another when read out; passes the rules below."""
    return "-".join("".join(secrets.choice(_EASY_TO_READ) for _ in range(5)) for _ in range(3))


class CharacterClasses:
    def __init__(self, min_length: int = 10, kinds: int = 3) -> None:
        self.min_length, self.kinds = min_length, kinds

    def validate(self, password: str, user: User | None = None) -> None:
        faults = []
        if len(password) < self.min_length:
            faults.append(f"密码至少 {self.min_length} 个字符，请再加 {self.min_length - len(password)} 个。")
        if (found := kinds_of_characters(password)) < self.kinds:
            faults.append(f"密码要含{KINDS}中的至少 {self.kinds} 种，现在只有 {found} 种。")
        if faults:
            raise ValidationError([ValidationError(fault, code="password_classes") for fault in faults])

    def get_help_text(self) -> str:
        return f"至少 {self.min_length} 个字符，含{KINDS}中的至少 {self.kinds} 种。"


class NotUsername:
    def validate(self, password: str, user: User | None = None) -> None:
        """The username in the password, forwards or backwards, is as good as told; up to 3 letters may be chance."""
        name = user.get_username().casefold() if user else ""
        word = password.casefold()
        if len(name) > 3 and (name in word or name[::-1] in word):
            raise ValidationError("密码不能包含用户名（正写或倒写），请换一个。", code="password_username")

    def get_help_text(self) -> str:
        return "不能包含用户名。"
