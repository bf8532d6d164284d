"""A refusal that no view answered at its field becomes a page in the site's clothes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import Refusal

HEADINGS = {400: "这一步没有办成", 403: "当前身份不能办理这件事", 409: "别人先办了一步"}


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        status = exception.status
        context = {"status": status, "heading": HEADINGS[status], "message": exception.message}
        return render(request, "refusal.html", context, status=status)
