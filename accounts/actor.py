"""The hat in use: every policy, action and `visible_to` takes one, and the ledger records it."""

from dataclasses import dataclass

from accounts.choices import Role
from accounts.models import Membership, Organization, User


@dataclass(frozen=True, slots=True)
class Actor:
    user: User
    membership: Membership

    @classmethod
    def wearing(cls, membership: Membership) -> "Actor":
        """The actor of a membership whose user is at hand (select_related) or may be fetched."""
        return cls(user=membership.user, membership=membership)

    @property
    def user_id(self) -> int:
        return self.user.pk

    @property
    def membership_id(self) -> int:
        return self.membership.pk

    @property
    def organization(self) -> Organization:
        return self.membership.organization

    @property
    def organization_id(self) -> int:
        return self.membership.organization_id

    @property
    def role(self) -> str:
        return self.membership.role

    @property
    def role_label(self) -> str:
        return self.membership.get_role_display()

    @property
    def is_unit_operator(self) -> bool:
        return self.role == Role.UNIT_OPERATOR

    @property
    def is_auditor(self) -> bool:
        return self.role == Role.AUDITOR

    @property
    def is_office(self) -> bool:
        return self.role == Role.OFFICE

    @property
    def is_expert(self) -> bool:
        return self.role == Role.EXPERT

    @property
    def is_supervisor(self) -> bool:
        return self.role == Role.SUPERVISOR

    def __str__(self) -> str:
        return f"{self.user.display_name}（{self.membership}）"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody without a hat, as the ledger wants her: she may change her own password and nothing else."""

    user: User
    membership: None = None
