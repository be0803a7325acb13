"""What the function of the notifications service reads from its environment."""

from typing import NamedTuple


class ConsumerSettings(NamedTuple):
    """Of `notifications.consumer`.

    `mail_from` is the address that mails come from, and that users write to; no mail is sent where it
    is empty. `public_url` is the site's address, without a slash at its end.
    """

    table_name: str
    inbox_url: str
    inbox_dead_url: str
    event_bus_name: str
    directory_arn: str
    mail_from: str
    public_url: str
