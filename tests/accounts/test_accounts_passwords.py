import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.passwords import CharacterClasses, NotUsername, kinds_of_characters


def faults(password: str) -> list[str]:
    try:
        CharacterClasses().validate(password)
    except ValidationError as error:
        return list(error.messages)
    return []


@pytest.mark.parametrize("password", ["Wuxiao-demo-2021", "abcdefgh1!", "ABCDEFGH1a", "煤矿机电队abc12"])
def test_ten_characters_of_three_kinds_pass(password: str) -> None:
    assert faults(password) == []


@pytest.mark.parametrize(
    ("password", "sentences"),
    [
        ("Abc-12345", ["密码至少 10 个字符，请再加 1 个。"]),
        ("abcdefghij1", ["密码要含大写字母、小写字母、数字、符号中的至少 3 种，现在只有 2 种。"]),
        (
            "123",
            [
                "密码至少 10 个字符，请再加 7 个。",
                "密码要含大写字母、小写字母、数字、符号中的至少 3 种，现在只有 1 种。",
            ],
        ),
    ],
)
def test_a_weak_password_hears_what_to_add(password: str, sentences: list[str]) -> None:
    assert faults(password) == sentences


@given(st.text(max_size=30), st.text(max_size=5))
def test_more_characters_never_make_a_password_worse(password: str, more: str) -> None:
    assert kinds_of_characters(password + more) >= kinds_of_characters(password)
    assert len(faults(password + more)) <= len(faults(password))


@pytest.mark.parametrize("password", ["Linqing-2021", "x-LINQING-9", "2021-gniqniL"])
def test_the_username_does_not_hide_in_the_password(password: str) -> None:
    with pytest.raises(ValidationError, match="不能包含用户名"):
        NotUsername().validate(password, User(username="linqing"))


@pytest.mark.parametrize(("username", "password"), [("linqing", "Lin-qing-2021"), ("li", "Qinglian-2021"), ("", "Abc")])
def test_other_passwords_may_be_used(username: str, password: str) -> None:
    NotUsername().validate(password, User(username=username))
    NotUsername().validate(password, None)
