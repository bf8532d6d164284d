from typing import cast

from django.contrib import messages
from django.contrib.auth import login as begin_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import held
from accounts.access import HAT, OPENED_BY, ActorRequest, safe_next
from accounts.actions import change_password, choose_hat
from accounts.forms import LoginForm, PasswordForm
from accounts.models import User
from core.errors import Refusal

HOME = "/"


class LoginView(auth_views.LoginView):
    template_name = "registration/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """Where she wanted to go, unless that is the sign-in or sign-out itself."""
        target = super().get_success_url()
        return HOME if target.startswith((reverse("accounts:login"), reverse("accounts:logout"))) else target


logout = auth_views.LogoutView.as_view(next_page="accounts:login")


@sensitive_post_parameters()
@never_cache
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Signs in again without leaving what she was writing: by the page's script, or by the page that holds her form.

    Only the membership that opened the page gets in here: another person's sign-in must not save the first one's text.
    """
    form = LoginForm(request, request.POST)
    if not form.is_valid():
        return _still_out(request, str(next(iter(form.errors.values()))[0]))
    user = form.get_user()
    try:
        actor = choose_hat(user, _number(request.POST.get(OPENED_BY, "")))
    except Refusal:
        return _still_out(request, "这一页不是这个账号打开的，没有登录；请用打开这一页的账号登录。")
    begin_session(request, user)
    request.session[HAT] = actor.membership_id
    if "HX-Request" in request.headers:
        return JsonResponse({"token": get_token(request)})
    form_held = held.kept(request)
    if form_held is None:
        return redirect(HOME)
    return held.page(request, "已重新登录，内容还没有保存，请按“继续”。", form_held, signed_in=True)


def _still_out(request: HttpRequest, sentence: str) -> HttpResponse:
    form_held = held.kept(request)
    if "HX-Request" in request.headers or form_held is None:
        return JsonResponse({"message": sentence}, status=400)
    return held.page(request, sentence, form_held, status=400, username=request.POST.get("username", ""))


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_password(user, form.cleaned_data["new_password1"], actor=cast(ActorRequest, request).actor)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, "密码已修改，其他设备上的登录已退出。")
            return redirect(_onward(request))
    return render(request, "registration/password_change_form.html", {"form": form})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hat(request: HttpRequest) -> HttpResponse:
    """Choose under which membership to act; the session gets a new key, since its rights change."""
    hats = cast(ActorRequest, request).hats
    if not hats:
        return redirect("accounts:no_membership")
    error = ""
    if request.method == "POST":
        try:
            actor = choose_hat(cast(User, request.user), _number(request.POST.get("membership", "")))
        except Refusal as refusal:
            error = refusal.message
        else:
            request.session[HAT] = actor.membership_id
            request.session.cycle_key()
            return redirect(_onward(request))
    page = {"hats": hats, "error": error, "next": _asked_next(request)}
    return render(request, "accounts/hat.html", page, status=400 if error else 200)


@never_cache
@login_required
@require_safe
def no_membership(request: HttpRequest) -> HttpResponse:
    if cast(ActorRequest, request).hats:
        return redirect(HOME)
    return render(request, "accounts/no_membership.html")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _asked_next(request: HttpRequest) -> str:
    return safe_next(request, request.POST.get("next") or request.GET.get("next", ""))


def _onward(request: HttpRequest) -> str:
    return _asked_next(request) or HOME
