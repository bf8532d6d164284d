"""Who is signed in: Django's own backend, whose question is asked with every request and so is prepared."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from core.prepared import Prepared

_USER = Prepared(lambda pk: User.objects.filter(pk=pk))


class PasswordBackend(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        user: User | None = _USER.first(pk=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
