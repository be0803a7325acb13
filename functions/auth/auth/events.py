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


class VerificationRequested(Event):
    """A link that verifies an address is to be mailed to it: Directory returns the address and the token."""

    source = "tiketz.auth"

    request_id: str


class PasswordResetRequested(Event):
    """A link that resets a password is to be mailed, if the requested address has an account.

    Published for every address: only Directory knows whether there is an account.
    """

    source = "tiketz.auth"

    request_id: str


class EmailChangeRequested(Event):
    """A link that confirms a new address is to be mailed to it, and a warning to the old one."""

    source = "tiketz.auth"

    request_id: str


class EmailChanged(Event):
    """An account has another address. Directory returns the old one, by `request_id`."""

    source = "tiketz.auth"

    user_id: str
    request_id: str


class PasswordChanged(Event):
    """An account has another password, by a reset or by its owner; all other sessions have ended."""

    source = "tiketz.auth"

    user_id: str
    request_id: str
