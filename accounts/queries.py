from collections.abc import Sequence

from accounts.actor import Actor
from accounts.models import Membership, User


def hats_of(user: User) -> list[Membership]:
    """The memberships that the user may act under now, with organisation; one query."""
    hats = list(Membership.objects.usable().filter(user=user).select_related("organization"))
    for hat in hats:
        hat.user = user
    return hats


def actor_among(hats: Sequence[Membership], chosen: object) -> Actor | None:
    """The chosen hat, or the only one; None where she must choose first or has none."""
    worn = [hat for hat in hats if hat.pk == chosen] or list(hats)
    return Actor.wearing(worn[0]) if len(worn) == 1 else None
