"""The small drawings that carry a state without its colour, and bars drawn by geometry (no inline style)."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

_RING = '<circle cx="5" cy="5" r="4.2" fill="none" stroke="currentColor" stroke-width="1.5"/>'
SHAPES: dict[str, SafeString] = {
    "ok": SafeString(
        '<circle cx="5" cy="5" r="5" fill="currentColor"/>'
        '<path d="m2.7 5.2 1.7 1.6 2.9-3.3" fill="none" stroke="#fff" stroke-width="1.4"/>'
    ),
    "info": SafeString(_RING + '<path d="M5 .8a4.2 4.2 0 0 1 0 8.4z" fill="currentColor"/>'),
    "none": SafeString(_RING),
    "warn": SafeString('<path d="M5 .4 9.9 9.4H.1z" fill="currentColor"/>'),
    "bad": SafeString('<path d="m5 0 5 5-5 5-5-5z" fill="currentColor"/>'),
    "gold": SafeString(
        '<path d="m5 .2 1.4 3.2 3.5.3-2.6 2.3.8 3.4L5 7.6 1.9 9.4l.8-3.4L.1 3.7l3.5-.3z" fill="currentColor"/>'
    ),
    "red": SafeString('<path d="M0 1h10v8H0z" fill="currentColor"/>'),
    "two": SafeString('<path d="M0 1h4.2v8H0zM5.8 1H10v8H5.8z" fill="currentColor"/>'),
    "three": SafeString('<path d="M0 1h2.6v8H0zM3.7 1h2.6v8H3.7zM7.4 1H10v8H7.4z" fill="currentColor"/>'),
}
# An award tier's code: its colour and its shape (README of the design: star, block, two bars, three bars, ring).
TIERS = {
    "grand": ("gold", "gold"),
    "first": ("red", "red"),
    "second": ("info", "two"),
    "third": ("none", "three"),
    "merit": ("none", "none"),
}


def shape(name: str) -> SafeString:
    return format_html('<svg viewBox="0 0 10 10" aria-hidden="true">{}</svg>', SHAPES.get(name, SHAPES["none"]))


def state(label: object, tone: str, drawing: str, *, boxed: bool) -> SafeString:
    tone_class = "" if tone == "none" else f" is-{tone}"
    return format_html(
        '<span class="wx-st{}{}">{}{}</span>', tone_class, " chip" if boxed else "", shape(drawing), label
    )


def share(value: float, total: float) -> float:
    """The part in per cent that a bar can show: between 0 and 100; nothing of nothing is nothing."""
    return min(100.0, max(0.0, 100 * value / total)) if total else 0.0


def bar(filled: float, mark: float | None, tone: str, label: str) -> SafeString:
    """``filled`` and ``mark`` in per cent; without a label the bar is decoration beside its figure."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    line = "" if mark is None else format_html('<path class="m" d="M{} 0h.8v8h-.8z"/>', f"{min(mark, 99.2):.1f}")
    return format_html(
        '<svg class="wx-bar{}" viewBox="0 0 100 8" preserveAspectRatio="none" {}>'
        '<path class="t" d="M0 1h100v6H0z"/><path class="v" d="M0 1h{}v6H0z"/>{}</svg>',
        f" is-{tone}" if tone else "",
        spoken,
        f"{filled:.1f}",
        line,
    )
