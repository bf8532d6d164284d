from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm


def laid_out(*fields: str, button: str, css: str = "btn-primary") -> FormHelper:
    """The plain forms of the site: fields below each other, one red button."""
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(*fields, Submit("", button, css_class=css))
    return helper


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
        self.helper = laid_out("username", "password", button="登录", css="btn-primary btn-lg")


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
        self.helper = laid_out("old_password", "new_password1", "new_password2", button="保存新密码")
