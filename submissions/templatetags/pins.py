"""A template's way to what is kept under a key that it only learns while it runs."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(found: Mapping[str, Any] | None, key: str) -> Any:
    return found.get(key) if found else None
