"""Experts from a workbook: template, every wrong row named, nobody made twice."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.actions import create_user
from accounts.models import Employment, User
from core import ledger
from core.errors import NotAllowed
from scoring.actions import expert_import
from scoring.models import Expert, ExpertImport
from tests.cast import PASSWORD, Cast, assemble
from tests.scoring.judging import client_of
from tests.scoring.rosters import HEAD, ONE, TWO, book

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(private_files) -> Cast:
    return assemble()


def upload(cast: Cast, *rows: tuple[object, ...]) -> str:
    answer = client_of(cast, "office").post(reverse("scoring:expert_import"), {"file": book(*rows)})
    assert answer.status_code == 302
    return answer.url


def test_the_template_has_the_catalogues_words(cast):
    answer = client_of(cast, "office").get(reverse("scoring:expert_template"))
    workbook = load_workbook(BytesIO(answer.content))
    assert [cell.value for cell in workbook["专家"][1]][1:] == list(HEAD)
    assert workbook["专家"]["A2"].value == "示例"
    assert any("煤炭" in str(cell.value) for row in workbook["填写说明"].rows for cell in row)
    assert workbook["专家"].data_validations.dataValidation


def test_good_rows_become_experts_with_accounts_and_employers(cast):
    address = upload(cast, ONE, TWO)
    office = client_of(cast, "office")
    page = office.get(address).content.decode()
    assert "导入 2 位专家" in page
    done = office.post(f"{address}confirm/").content.decode()
    assert "已登记 2 位专家" in done
    password = done.split("<code>")[1].split("</code>")[0]
    ouyang = User.objects.get(username="ouyang")
    assert ouyang.check_password(password)
    assert (ouyang.must_change_password, ouyang.phone) == (True, "13900000002")
    assert Employment.objects.get(user=ouyang).organization == cast.organizations["mine"]  # called exactly so
    places = Employment.objects.filter(user__username="qianxin").values_list("organization_name", flat=True)
    assert set(places) == {"东山机械厂", "市设计院"}  # alike is not the same: it waits for a person
    assert Expert.objects.get(user=ouyang).industries == ["coal", "machinery"]
    assert ledger.verify() == []


def test_the_same_file_twice_makes_nothing_twice(cast):
    office, first = client_of(cast, "office"), upload(cast, ONE, TWO)
    office.post(f"{first}confirm/")
    count = (User.objects.count(), Employment.objects.count(), Expert.objects.count())
    assert "已经导入过" in office.post(f"{first}confirm/", follow=True).content.decode()
    second = upload(cast, ONE, TWO)
    assert "都已在库中" in office.post(f"{second}confirm/").content.decode()
    assert (User.objects.count(), Employment.objects.count(), Expert.objects.count()) == count


def test_wrong_rows_are_named_by_row_column_and_reason(cast):
    wrong = ("王3", "x", "", "", "2015", "", "煤碳", "", "")
    address, office = upload(cast, ONE, wrong), client_of(cast, "office")
    page = office.get(address).content.decode()
    for words in ("第 3 行", "姓名应为 2 到 50 个字", "用户名应为", "请填写工作单位", "没有“煤碳”这一项"):
        assert words in page
    refused = office.post(f"{address}confirm/")
    assert refused.status_code == 400
    assert "有 1 行不正确，一行也没有导入" in refused.content.decode()
    assert not User.objects.filter(username="ouyang").exists()
    office.post(f"{address}confirm/", {"mode": "good"})
    assert User.objects.filter(username="ouyang").exists()
    assert ExpertImport.objects.get().registered == 1


def test_a_user_name_of_somebody_else_is_a_fault(cast):
    address = upload(cast, ("别人", "office", "", "某厂", "2015", "", "煤炭", "", ""))
    page = client_of(cast, "office").get(address).content.decode()
    assert "用户名 office 已是“王敏”的账号" in page


def test_the_account_of_a_stranger_is_a_fault(cast):
    create_user(None, "stranger", "魏同", PASSWORD)  # nobody under this host
    address = upload(cast, ("魏同", "stranger", "", "某厂", "2015", "", "煤炭", "", ""))
    assert "已被别的单位的账号使用" in client_of(cast, "office").get(address).content.decode()


def test_somebody_with_an_account_keeps_it(cast):
    User.objects.filter(pk=cast["unit_a"].user.pk).update(username="Unit_A")  # no other account by small letters
    address = upload(cast, ("吴山", "unit_a", "", "东山机械厂工会", "2015", "", "煤炭", "", ""))
    office = client_of(cast, "office")
    assert "已有账号" in office.get(address).content.decode()
    assert office.post(f"{address}confirm/").status_code == 302  # no password to show
    assert Expert.objects.filter(user=cast["unit_a"].user).exists()


@pytest.mark.parametrize(
    ("uploaded", "sentence"),
    [
        (book(head=("名字", "年龄")), "没有找到“姓名”这一列"),
        (book(), "列名下面没有内容"),
        (book(ONE, head=(*HEAD[:-1], "血型")), "模板里没有“血型”这一列"),
        (SimpleUploadedFile("专家.xlsx", b"no workbook"), "xlsx"),
    ],
)
def test_what_is_no_such_table_is_refused(cast, uploaded, sentence):
    uploaded.seek(0)
    answer = client_of(cast, "office").post(reverse("scoring:expert_import"), {"file": uploaded})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not ExpertImport.objects.exists()


def test_nobody_else_imports(cast):
    address = upload(cast, ONE)
    brought = ExpertImport.objects.get()
    assert client_of(cast, "office2").get(address).status_code == 404
    with pytest.raises(NotAllowed):
        expert_import.confirm(cast["office2"], brought.pk, only_good=False)
    assert client_of(cast, "auditor_a").get(reverse("scoring:expert_import")).status_code == 403
