"""What the function of the expiration service reads from its environment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsumerSettings:
    table_name: str
    inbox_url: str
    state_machine_arn: str
