"""Events that auth publishes. None holds an e-mail address: only auth knows those."""

from tiketz_common.events import Event


class UserSignedUp(Event):
    """An account was created."""

    source = "tiketz.auth"

    user_id: str


class UserDeleted(Event):
    """An account was deleted. What its user bought and sold stays, under an id that names no person."""

    source = "tiketz.auth"

    user_id: str
