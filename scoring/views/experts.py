"""The register of experts: the office keeps it, the supervisor reads it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import ActorRequest, role_required
from accounts.actions import record_employment, remove_employment
from accounts.choices import Role
from accounts.models import Employment, User
from contests.models import Contest
from contests.queries import contest_in_view
from core.errors import NotAllowed, Refusal
from scoring.actions import experts as actions
from scoring.actions.expert_import import new_password
from scoring.forms.experts import EmploymentForm, KnowledgeForm, NewExpertForm
from scoring.forms.panels import number
from scoring.models import Expert
from scoring.queries import cockpit, register
from scoring.views.answering import acted, given, submitted
from submissions.forms.typed import plain

READERS = (Role.OFFICE, Role.SUPERVISOR)
PAGE = 50


def season(request: ActorRequest) -> Contest:
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        raise Http404
    return contest


@require_GET
@role_required(*READERS)
def index(request: ActorRequest) -> HttpResponse:
    contest = season(request)
    asked = {"text": plain(request.GET.get("q", "")).strip()[:50], "industry": request.GET.get("industry", "")[:40]}
    asked["only"] = request.GET.get("only", "")
    page = Paginator(register.experts(request.actor, **asked), PAGE).get_page(request.GET.get("page"))
    lines = register.lines(contest, list(page))
    context: dict[str, Any] = {
        "contest": contest,
        "page": page,
        "lines": lines,
        "open": any(line.engagement is None and line.expert.is_active for line in lines),
        "asked": asked,
        "industries": cockpit.specialities(contest)[0],
        "engaged": contest.engagements.count(),
        "committed": contest.engagements.filter(committed_at__isnull=False).count(),
        "unmatched": len(register.unmatched(request.actor)),
        "may_change": request.actor.is_office,
    }
    return render(request, "scoring/experts.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OFFICE)
def new(request: ActorRequest) -> HttpResponse:
    contest = season(request)
    form = NewExpertForm(contest, None, given(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, contest, form)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    context = {"contest": contest, "form": form}
    return render(request, "scoring/expert_new.html", context, status=400 if form.errors else 200)


def _made(request: ActorRequest, contest: Contest, form: NewExpertForm) -> HttpResponse:
    """The password stands on this one page and nowhere else."""
    name, username = form.cleaned_data["name"], form.cleaned_data["username"].strip()
    known = User.objects.visible_to(request.actor).filter(username__iexact=username).first()
    if known and known.display_name != name.strip():
        raise Refusal(f"用户名 {username} 已是“{known.display_name}”的账号，请换一个用户名或改正姓名。", "username")
    if known:
        expert = actions.enlist(request.actor, contest, known, form.knowledge())
        messages.success(request, f"{known.display_name}已加入专家库，用原来的账号登录。")
        return redirect("scoring:expert", expert.pk)
    password = new_password()
    expert = actions.register(request.actor, contest, username, name, form.knowledge(), password)
    context = {"expert": expert, "made": [{"username": username, "name": name, "password": password}]}
    return render(request, "scoring/expert_made.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    expert, contest = _expert(request, pk), season(request)
    if request.method == "POST" and not request.actor.is_office:
        raise NotAllowed("只有竞赛办公室可以维护专家库。")
    form = KnowledgeForm(contest, expert, given(request))
    answer = None
    if request.method == "POST":

        def act() -> object:
            return actions.change(request.actor, expert.pk, form.knowledge())

        answer = submitted(request, form, act, "已保存。", "scoring:expert", expert.pk)
    return answer or _page(request, expert, contest, form, EmploymentForm(request.actor))


def _expert(request: ActorRequest, pk: int) -> Expert:
    return get_object_or_404(Expert.objects.visible_to(request.actor).select_related("user"), pk=pk)


def _page(
    request: ActorRequest, expert: Expert, contest: Contest, form: KnowledgeForm, job_form: EmploymentForm
) -> HttpResponse:
    line = register.lines(contest, [expert])[0]
    context = {
        "expert": expert,
        "contest": contest,
        "line": line,
        "form": form,
        "job_form": job_form,
        "years": contest.settings.recusal_years,
        "may_change": request.actor.is_office,
    }
    status = 400 if form.errors or job_form.errors else 200
    return render(request, "scoring/expert.html", context, status=status)


@require_POST
@role_required(Role.OFFICE)
def add_job(request: ActorRequest, pk: int) -> HttpResponse:
    expert, contest = _expert(request, pk), season(request)
    form = EmploymentForm(request.actor, request.POST)

    def act() -> object:
        data = form.cleaned_data
        where = data["organization"] or data["place"]
        return record_employment(request.actor, expert.user, where, data["started_on"], data["ended_on"])

    answer = submitted(request, form, act, "任职经历已登记。", "scoring:expert", expert.pk)
    return answer or _page(request, expert, contest, KnowledgeForm(contest, expert), form)


@require_POST
@role_required(Role.OFFICE)
def drop_job(request: ActorRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Employment.objects.visible_to(request.actor), pk=pk)
    expert = get_object_or_404(Expert.objects.visible_to(request.actor), user=job.user_id)
    acted(request, lambda: remove_employment(request.actor, job.pk), "已删去这一条任职经历。")
    return redirect("scoring:expert", expert.pk)


@require_POST
@role_required(Role.OFFICE)
def engage(request: ActorRequest) -> HttpResponse:
    contest = season(request)
    chosen = [one for text in request.POST.getlist("expert") if (one := number(text)) is not None]
    visible = Expert.objects.visible_to(request.actor).filter(pk__in=chosen).values_list("pk", flat=True)
    if not chosen:
        messages.error(request, "请先勾选要聘任的专家。")
    else:
        count = actions.engage(request.actor, contest, list(visible))
        messages.success(request, f"本届新聘任 {count} 位专家。")
    return redirect("scoring:experts")


@require_POST
@role_required(Role.OFFICE)
def dismiss(request: ActorRequest, pk: int) -> HttpResponse:
    expert, contest = _expert(request, pk), season(request)
    acted(request, lambda: actions.dismiss(request.actor, contest, expert.pk), f"已解聘{expert.user.display_name}。")
    return redirect("scoring:expert", expert.pk)
