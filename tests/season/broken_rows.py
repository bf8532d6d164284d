"""Writing a row as no action would: past every form and model, straight at the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Case = Callable[[], object]


def one(model: Any, **which: Any) -> Any:
    return model.objects.filter(**which).order_by("pk").first()


def again(model: Any, **changes: Any) -> None:
    """A second row like the first one, but for the changes."""
    row = one(model)
    row.pk = None
    row._state.adding = True
    for key, value in changes.items():
        setattr(row, key, value)
    row.save(force_insert=True)


def change(model: Any, which: dict[str, Any], **values: Any) -> None:
    """An update that passes by every model and action."""
    assert model.objects.filter(pk=one(model, **which).pk).update(**values) == 1


def alike(model: Any, key: str, taken: str) -> None:
    """The second row takes over one value of the first."""
    first, second = model.objects.order_by("pk")[:2]
    change(model, {"pk": second.pk}, **{key: getattr(first, taken)})


def works(status: str) -> dict[str, Any]:
    return {"status": status}
