"""Sessions in the database, as Django keeps them; the question asked with every request is prepared."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.prepared import Prepared

_SESSION = Prepared(lambda key: Session.objects.filter(session_key=key))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        session: Session | None = _SESSION.first(key=str(self.session_key))
        if session and session.expire_date > timezone.now():
            return session
        self._session_key = None
        return None
