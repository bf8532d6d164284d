"""A refusal that no view answered at its field becomes a page in the site's clothes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import Refusal

PAGES = {400: "400.html", 403: "403.html", 409: "400.html"}


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        context = {"message": exception.message, "code": exception.code}
        return render(request, PAGES[exception.status], context, status=exception.status)
