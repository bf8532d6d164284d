"""What every request passes before the apps: an id for the logs, the address of the browser behind our proxy."""

import ipaddress
import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

Handler = Callable[[HttpRequest], HttpResponse]

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="-")


def request_id(get_response: Handler) -> Handler:
    """Names the request in every log line and in the answer, so that a user can quote it.

    The name stands until the next request of the thread: the framework logs refusals after the middleware.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        name = secrets.token_hex(6)
        current_request_id.set(name)
        request.request_id = name  # type: ignore[attr-defined]
        response = get_response(request)
        response["X-Request-ID"] = name
        return response

    return middleware


def body_limit(get_response: Handler) -> Handler:
    """Refuses by its declared size what is larger than any form of the portal, instead of taking gigabytes in first."""

    def middleware(request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if not declared.isdecimal() or int(declared) <= settings.REQUEST_MAX_BYTES:
            return get_response(request)
        each = settings.UPLOAD_MAX_BYTES >> 20
        sentence = f"文件太大，没有接收：每个文件不超过 {each} MB，请压缩或拆分后再上传；其他内容不受影响。"
        if "HX-Request" in request.headers:
            return JsonResponse({"message": sentence}, status=413)
        page = {"status": 413, "heading": "文件太大，没有接收", "message": sentence}
        return render(request, "refusal.html", page, status=413)

    return middleware


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True


def client_address(get_response: Handler) -> Handler:
    """Behind a trusted proxy REMOTE_ADDR becomes the address that the proxy saw: the sign-in lock counts by it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if forwarded and _trusted(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = _nearest_stranger(forwarded.split(","))
        return get_response(request)

    return middleware


def _nearest_stranger(hops: list[str]) -> str:
    """The last hop that is not one of our proxies: what stands before it was written by the browser itself."""
    addresses = [hop.strip() for hop in hops]
    strangers = [address for address in addresses if not _trusted(address)]
    return strangers[-1] if strangers else addresses[0]


def _trusted(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in settings.TRUSTED_PROXIES)
