"""Refusals that reach no field become a page with the right number."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core.errors import Conflict, NotAllowed, Refusal
from core.middleware import RefusalMiddleware


def answer(error: Exception) -> HttpResponse | None:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    middleware = RefusalMiddleware(view)
    request = RequestFactory().get("/")
    with pytest.raises(type(error)):
        middleware(request)
    return middleware.process_exception(request, error)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refusal("申报窗口已于 9月10日 17:00 关闭。", code="window"), 400),
        (NotAllowed("只有主办单位可以接收成果。"), 403),
        (Conflict("这项成果已由王审核员于 09:12 退回，请刷新后再看。"), 409),
    ],
)
def test_a_refusal_becomes_a_page_with_its_sentence(error: Refusal, status: int) -> None:
    response = answer(error)
    assert response is not None
    assert response.status_code == status
    assert error.message in response.content.decode()
    assert f">{status}<" in response.content.decode()


def test_other_errors_are_left_alone() -> None:
    assert answer(ZeroDivisionError()) is None


def test_a_refusal_reads_as_its_sentence() -> None:
    refusal = Refusal("请填写成果名称。", field="title", code="required")
    assert (str(refusal), refusal.field, refusal.code) == ("请填写成果名称。", "title", "required")
