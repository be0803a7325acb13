"""Which webhook signatures are accepted."""

import pytest
from payments.signature import BadSignature, verify
from stripe import WebhookSignature
from tiketz_common.errors import BadRequest

from tests.factories import NOON

AT = int(NOON.timestamp())
SECRET = "whsec_of_the_tests"
PAYLOAD = '{"id":"evt_1","title":"Café"}'


def signed(payload: str = PAYLOAD, secret: str = SECRET, at: int = AT) -> str:
    """The header as Stripe's own library makes it."""
    return str(WebhookSignature.generate_signature_header(payload, secret, at))


def test_stripes_signature_is_accepted() -> None:
    verify(PAYLOAD, signed(), SECRET, NOON)


def test_one_valid_signature_among_several_suffices() -> None:
    """Stripe signs with the old and the new secret while one replaces the other."""
    other = signed(secret="whsec_old").split(",")[1]
    ours = signed().split(",")[1]
    verify(PAYLOAD, f"t={AT},{other},{ours},v0={'0' * 64}", SECRET, NOON)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_are_tolerated_either_way(seconds: int) -> None:
    verify(PAYLOAD, signed(at=AT + seconds), SECRET, NOON)


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 86_400, 10**10])
def test_an_old_signature_is_refused(seconds: int) -> None:
    with pytest.raises(BadRequest, match="just now") as refusal:
        verify(PAYLOAD, signed(at=AT + seconds), SECRET, NOON)
    assert refusal.value.code == "signature_invalid"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        f"t={AT}",
        signed().split(",")[1],
        signed(secret="whsec_another"),
        signed(payload=PAYLOAD + " "),
        signed().replace(f"t={AT}", f"t={AT + 1}"),
        signed().replace("v1=", "v0="),
        signed().upper(),
        signed()[:-1],
        f"t={AT},v1={'é' * 64}",
        f"t={AT},v1=",
        f"t={AT},t={AT + 9},{signed().split(',')[1]}",
        f"t=²,{signed().split(',')[1]}",
        f"t={'9' * 5_000},{signed().split(',')[1]}",
        f"t=-1,{signed().split(',')[1]}",
    ],
)
def test_a_signature_under_another_secret_is_refused(header: str | None) -> None:
    with pytest.raises(BadSignature):
        verify(PAYLOAD, header, SECRET, NOON)


def test_an_old_webhook_differs_from_one_under_another_secret() -> None:
    """Only the latter leads to reading the secret again."""
    with pytest.raises(BadRequest) as refused:
        verify(PAYLOAD, signed(at=AT - 3_600), SECRET, NOON)
    assert not isinstance(refused.value, BadSignature)
