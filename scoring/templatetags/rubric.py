"""The rubric on the score sheet, drawn once for each state that it can have.

A criterion with its levels and points is some fifty radio buttons, the same ones on every sheet; drawing them anew
took more than half of the page's time. What is drawn depends on the arguments alone, so it may be kept.
"""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from scoring.forms import CriterionChoice, LevelChoice

register = template.Library()

KEPT = 2048  # some 50 states a criterion, path and bound level; a rubric has four or five criteria


@register.simple_tag
def rubric_levels(choice: CriterionChoice, shut: object) -> SafeString:
    """`shut` is true when nothing may be changed any more."""
    return _drawn(choice.criterion.code, choice.criterion.name, choice.levels, bool(shut))


@lru_cache(maxsize=KEPT)
def _drawn(code: str, name: str, levels: tuple[LevelChoice, ...], shut: bool) -> SafeString:
    page = {"code": code, "name": name, "levels": levels, "shut": shut}
    return render_to_string("scoring/pieces/levels.html", page)
