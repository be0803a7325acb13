"""What auth's events carry: ids, by which the Directory function is asked, and nothing of a person."""

import pytest
from auth import events
from tiketz_common.events import Event

from tests.factories import EVENT_DATA

REQUEST, USER_AND_REQUEST = {"request_id": "r1"}, {"user_id": "ann", "request_id": "r1"}


@pytest.mark.parametrize(
    "event",
    [
        events.UserSignedUp(user_id="ann"),
        events.UserDeleted(user_id="ann"),
        events.VerificationRequested(**REQUEST),
        events.PasswordResetRequested(**REQUEST),
        events.EmailChangeRequested(**REQUEST),
        events.EmailChanged(**USER_AND_REQUEST),
        events.PasswordChanged(**USER_AND_REQUEST),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_names_a_user_and_a_request_only(event: Event) -> None:
    assert event.source == "tiketz.auth"
    assert event.model_dump(by_alias=True) == EVENT_DATA[type(event).__name__]()
