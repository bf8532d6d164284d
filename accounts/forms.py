from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm


class LoginForm(AuthenticationForm):
    """One sentence for every failure, so that nobody learns which usernames exist or are switched off."""

    error_messages = {
        "invalid_login": "用户名或密码不正确，请核对后重试；密码区分大小写。",
        "inactive": "用户名或密码不正确，请核对后重试；密码区分大小写。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"


class PasswordForm(PasswordChangeForm):
    error_messages = {
        "password_incorrect": "现在的密码不正确，请重新输入。",
        "password_mismatch": "两次输入的新密码不一样，请重新输入。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "现在的密码"
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password2"].label = "再输一次新密码"
        self.fields["new_password2"].help_text = ""
