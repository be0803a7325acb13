"""What the function of the expiration service reads from its environment."""

from typing import NamedTuple


class ConsumerSettings(NamedTuple):
    """Of `expiration.consumer`."""

    table_name: str
    inbox_url: str
    inbox_dead_url: str
    state_machine_arn: str
