"""Refusals: what the portal answers when a person may not, or cannot now, do what she asked.

The message is a whole Chinese sentence that says what to do; it is shown as it is.
"""


class Refusal(Exception):
    """A rule says no. `field` names the form field it belongs to, `code` the rule, for tests and logs."""

    status = 400

    def __init__(self, message: str, field: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code

    def __str__(self) -> str:
        return self.message


class NotAllowed(Refusal):
    """She may see the thing but not act on it (403); what she may not see at all is a 404."""

    status = 403


class Conflict(Refusal):
    """Somebody else was first (409); the message says what happened in the meantime."""

    status = 409
