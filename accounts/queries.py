from collections import defaultdict
from collections.abc import Iterable, Sequence

from accounts.actor import Actor
from accounts.models import Alias, Membership, Organization, User
from accounts.rules.names import plain
from core.prepared import Prepared

_HATS = Prepared(lambda user: Membership.objects.usable().filter(user=user).select_related("organization"))


def hats_of(user: User) -> list[Membership]:
    """The memberships that the user may act under now, with organisation; one query."""
    hats: list[Membership] = _HATS(user=user.pk)
    for hat in hats:
        hat.user = user
    return hats


def actor_among(hats: Sequence[Membership], chosen: object) -> Actor | None:
    """The chosen hat, or the only one; None where she must choose first or has none."""
    worn = [hat for hat in hats if hat.pk == chosen] or list(hats)
    return Actor.wearing(worn[0]) if len(worn) == 1 else None


def meant(texts: Iterable[str]) -> dict[str, set[int]]:
    """Plain form → the organisations called exactly so: by name, short name, or an alias that a person confirmed."""
    wanted = {plain(text) for text in texts}
    found: dict[str, set[int]] = defaultdict(set)
    if not wanted:
        return found
    for pk, *names in Organization.objects.values_list("pk", "name", "short_name"):
        for name in names:
            if name and plain(name) in wanted:
                found[plain(name)].add(pk)
    for form, pk in Alias.objects.filter(same=True, plain__in=wanted).values_list("plain", "organization"):
        found[form].add(pk)
    return found
