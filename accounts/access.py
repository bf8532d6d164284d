"""The first line of a view: who may open this page at all. Which rows she sees there is `visible_to`'s business."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import held
from accounts.actor import Actor
from accounts.models import Membership
from core.errors import NotAllowed

P = ParamSpec("P")
HAT = "membership"
"""The session key of the chosen membership."""

OPENED_BY = "opened_by"
"""The field (or header X-Opened-By) by which a page that holds much text says for which membership it was opened."""


class ActorRequest(HttpRequest):
    """A request behind `role_required`: somebody is signed in and wears a hat."""

    actor: Actor
    hats: list[Membership]


ActorView = Callable[Concatenate[ActorRequest, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def role_required(
    *roles: str,
) -> Callable[
    [Callable[Concatenate[ActorRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """Opens a view to these roles, or to every hat when none is named. Signed out: to the sign-in; else 403."""

    def decorate(
        view: Callable[Concatenate[ActorRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None or not _opened_by(request, actor):
                return ask_to_sign_in(request)
            if roles and actor.role not in roles:
                raise NotAllowed("您当前的身份不能打开这一页，请切换身份或返回首页。", code="role")
            return view(cast(ActorRequest, request), *args, **kwargs)

        return guarded

    return decorate


def _said(request: HttpRequest) -> str:
    if request.method != "POST":
        return ""
    return request.headers.get("X-Opened-By") or request.POST.get(OPENED_BY, "")


def _opened_by(request: HttpRequest, actor: Actor) -> bool:
    """Nobody saves what another person typed, though both use one browser; a page that doesn't say is anybody's."""
    return _said(request) in ("", str(actor.membership_id))


_EXPIRED_HERE = "登录已过期，请重新登录后继续，已填写的内容仍在。"
_EXPIRED = "登录已过期。请在新标签页重新登录，再回到本页继续，已填写的内容仍在。"
_ANOTHER = "现在登录的是另一个账号或身份，没有保存。请用打开本页的账号重新登录，已填写的内容仍在。"


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in and back. A piece of a page gets a sentence instead, so that the page with its text stays;

    a whole form that says who opened it is held on a page of its own until she has signed in again.
    """
    expired = _EXPIRED_HERE if _said(request) else _EXPIRED
    sentence = _ANOTHER if getattr(request, "actor", None) else expired
    if "HX-Request" in request.headers:
        return HttpResponse(sentence, status=401, content_type="text/plain; charset=utf-8")
    if _said(request):
        return held.page(request, sentence, held.posted(request), status=401)
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else _page_before(request))


def _page_before(request: HttpRequest) -> str:
    """A form's target often answers only POST, so after the sign-in she returns to the page that held the form."""
    referer = request.headers.get("Referer", "")
    if not safe_next(request, referer):
        return "/"
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def safe_next(request: HttpRequest, target: str) -> str:
    """The target if it stays on this site, else an empty string."""
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else ""
