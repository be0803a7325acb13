"""What auth tells the world. An e-mail address is no part of it: auth alone knows one."""

from tiketz_common.events import Event


class UserSignedUp(Event):
    """Somebody has an account now."""

    source = "tiketz.auth"

    user_id: str


class UserDeleted(Event):
    """Somebody's account is gone; what they bought and sold stays, under an id that names nobody."""

    source = "tiketz.auth"

    user_id: str
