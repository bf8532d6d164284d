"""Tags and filters of every page; docs/components.md shows each with a snippet. No domain word in here."""

from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.forms.boundfield import BoundField
from django.template import Context, Engine
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.templatetags import shapes, wording

register = template.Library()

register.filter("wan", lambda value: wording.grouped(value, 2))
register.filter("bj", wording.day_and_minute)
register.filter("bj_day", wording.day)
register.filter("bj_short", wording.short)
register.filter("mask_phone", wording.masked_phone)


@register.filter
def num(value: wording.Figure | None, places: int = 0) -> str:
    return wording.grouped(value, places)


@register.filter
def pct(ratio: wording.Figure | None, places: int = 1) -> str:
    return wording.percent(ratio, places)


@register.filter
def bj_time(moment: datetime | None) -> str:
    return wording.MISSING if moment is None else f"{wording.beijing(moment):%H:%M:%S}"


@register.filter
def until(due: datetime | None, now: datetime | str | None = None) -> str:
    """``{{ due|until:server_now }}``; without a moment to count from it is the server's own."""
    return wording.time_left(due, now if isinstance(now, datetime) else timezone.now())


@register.filter
def epoch(moment: datetime | None) -> str:
    """Milliseconds for the page's clock; empty when unknown."""
    return "" if moment is None else str(int(wording.beijing(moment).timestamp() * 1000))


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html('<i class="bi bi-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def shape(tone: str) -> SafeString:
    return shapes.shape(tone)


@register.simple_tag
def status_chip(label: object, tone: str = "none") -> SafeString:
    return shapes.state(label, tone, tone, boxed=True)


@register.simple_tag
def status_mark(label: object, tone: str = "none") -> SafeString:
    return shapes.state(label, tone, tone, boxed=False)


@register.simple_tag
def tier_badge(name: object, code: str) -> SafeString:
    tone, drawing = shapes.TIERS.get(code, ("none", "none"))
    return shapes.state(name, tone, drawing, boxed=False)


@register.simple_tag
def bar(
    value: wording.Figure,
    total: wording.Figure = 100,
    mark: wording.Figure | None = None,
    tone: str = "",
    label: str = "",
) -> SafeString:
    """``mark`` is the target in the same unit as ``total``."""
    target = None if mark is None else shapes.share(float(mark), float(total))
    return shapes.bar(shapes.share(float(value), float(total)), target, tone, label)


@register.inclusion_tag("components/progress.html")
def progress_bar(done: int, total: int, label: str = "已完成") -> dict[str, Any]:
    return {"done": done, "total": total, "label": label}


@register.inclusion_tag("components/due.html", takes_context=True)
def due(context: template.Context, at: datetime | None, label: str = "截止") -> dict[str, Any]:
    now = context.get("server_now") or timezone.now()
    return {"at": at, "label": label, "written": wording.closing(at), "left": wording.time_left(at, now)}


@register.inclusion_tag("components/empty.html")
def empty_state(title: str, hint: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    return {"title": title, "hint": hint, "url": url, "action": action}


@register.inclusion_tag("components/banner.html")
def banner(heading: str, tone: str = "info", text: str = "") -> dict[str, Any]:
    drawn = {"bad": "exclamation-diamond", "warn": "exclamation-triangle", "ok": "check-circle"}
    return {"heading": heading, "tone": tone, "text": text, "drawn": drawn.get(tone, "info-circle")}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Page[Any]) -> dict[str, Any]:
    """The rest of the query (filters, order) stays when the page changes."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is not None:
        query.pop("page", None)
    return {"page": page, "query": f"{query.urlencode()}&" if query else ""}


@register.simple_tag(takes_context=True)
def drawn(context: Context, name: str) -> SafeString:
    """``{% drawn "…" as piece %}``: what a page shows in two places is drawn once."""
    return Engine.get_default().get_template(name).render(context)


@register.simple_tag(takes_context=True)
def opened_by(context: Context) -> SafeString:
    """Beside the csrf_token of a form with typed text: it waits for her, and her alone, when her session has ended."""
    return format_html('<input type="hidden" name="opened_by" value="{}">', context["actor"].membership_id)


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    faulty = [bound for bound in form if bound.errors and not bound.is_hidden]
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    return {"form": form, "faulty": faulty, "hidden": hidden}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, width: str = "", affix: str = "", note: str = "", look: str = "seg") -> dict[str, Any]:
    """One bound field: label, control, help and errors; ``look`` is how radios appear: seg, list or paths."""
    kind = _kind(bound)
    options = _options(bound, look) if kind == "options" else []
    control = "" if options else _control(bound, kind)
    return {
        "field": bound,
        "width": width,
        "affix": affix,
        "note": note,
        "kind": kind,
        "look": look,
        "options": options,
        "control": control,
    }


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "options"
    if isinstance(widget, CheckboxInput):
        return "check"
    return "select" if isinstance(widget, Select) else "control"


def _control(bound: BoundField, kind: str) -> SafeString:
    base = {"check": "form-check-input", "select": "form-select"}.get(kind, "form-control")
    own = bound.field.widget.attrs.get("class", "")
    faulty = "is-invalid" if bound.errors else ""
    return bound.as_widget(attrs={"class": " ".join(filter(None, (base, own, faulty)))})


def _options(bound: BoundField, look: str) -> list[dict[str, Any]]:
    """Each choice with its input; “按经济效益：最高 25 分” gives a card its heading and its line."""
    found = []
    for choice in bound.subwidgets:
        if look == "list" or isinstance(bound.field.widget, CheckboxSelectMultiple):
            choice.data["attrs"]["class"] = "form-check-input"
        heading, _, line = str(choice.choice_label).partition("：")
        found.append({"input": choice.tag(), "id": choice.id_for_label, "label": choice.choice_label})
        found[-1].update(heading=heading, line=line)
    return found
