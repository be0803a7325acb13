"""Stream relay of the auth service: publishes the events that its rows carry whole."""

import os
from typing import Any

from tiketz_common import outbox

to_event = outbox.whole_event


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return outbox.relay(event, os.environ["EVENT_BUS_NAME"], to_event)
