from accounts.actor import Actor
from accounts.models import Organization, User


def may_administer(actor: Actor | None, organization: Organization | None) -> bool:
    """Organisations and memberships are kept by the office of the tree; None is the system, seeding itself."""
    if actor is None:
        return True
    if not actor.is_office or organization is None:
        return False
    return Organization.objects.subtree_of(actor.organization_id).filter(pk=organization.pk).exists()


def may_create_users(actor: Actor | None) -> bool:
    return actor is None or actor.is_office


def may_record_employment(actor: Actor | None, user: User) -> bool:
    """The office for the persons that it knows; everybody for herself."""
    if actor is None or actor.user_id == user.pk:
        return True
    return actor.is_office and User.objects.visible_to(actor).filter(pk=user.pk).exists()
