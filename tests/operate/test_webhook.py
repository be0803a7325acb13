"""Stripe's webhook is registered once, again where the account changed, and by hand where Stripe refuses."""

from typing import Any

import pytest
import stripe
from payments.stripe_events import WEBHOOK_EVENTS

from operate import deploy, secrets
from operate.stages import Stage
from tests.operate.conftest import URL, WEBHOOK, StripeAccount

SECRET = "stripe/webhook-secret"


def test_the_webhook_gets_the_events_that_payments_consumes(stage: Stage, account: StripeAccount) -> None:
    message = deploy.register_webhook(stage, URL)
    [created] = account.endpoints.values()
    assert (created["url"], set(created["enabled_events"])) == (WEBHOOK, set(WEBHOOK_EVENTS))
    assert created["api_version"] == stripe.api_version
    assert secrets.read(stage, SECRET) == "whsec_test_1"
    assert WEBHOOK in message
    assert "whsec" not in message


def test_a_registered_webhook_is_left_alone(stage: Stage, account: StripeAccount) -> None:
    deploy.register_webhook(stage, URL)
    deploy.register_webhook(stage, URL)
    assert list(account.endpoints) == ["we_1"]


def test_a_stage_that_goes_live_is_registered_there(stage: Stage, account: StripeAccount) -> None:
    deploy.register_webhook(stage, URL)
    secrets.replace(stage, "stripe/secret-key", lambda _: "sk_live_1")
    message = deploy.register_webhook(stage, URL)
    [created] = account.live.values()
    assert created["url"] == WEBHOOK
    assert created["id"] in message
    assert secrets.read(stage, SECRET) == "whsec_live_1"
    secrets.replace(stage, "stripe/secret-key", lambda _: "sk_test_1")
    deploy.register_webhook(stage, URL)  # replaces the old endpoint, whose secret was overwritten
    assert secrets.read(stage, SECRET) == "whsec_test_2"
    assert [each["url"] for each in account.endpoints.values()] == [WEBHOOK]


@pytest.mark.parametrize("change", [{"status": "disabled"}, {"enabled_events": ["charge.refunded"]}])
def test_an_endpoint_without_all_events_is_replaced(
    stage: Stage, account: StripeAccount, change: dict[str, Any]
) -> None:
    deploy.register_webhook(stage, URL)
    account.endpoints["we_1"] |= change
    deploy.register_webhook(stage, URL)
    [created] = account.endpoints.values()
    assert (created["status"], set(created["enabled_events"])) == ("enabled", set(WEBHOOK_EVENTS))


def test_an_endpoint_whose_secret_is_lost_is_replaced(stage: Stage, account: StripeAccount) -> None:
    for url in ("https://shop.test/hook", WEBHOOK):
        account.create([("url", url)])
    deploy.register_webhook(stage, URL)
    assert sorted(each["url"] for each in account.endpoints.values()) == [WEBHOOK, "https://shop.test/hook"]
    assert secrets.read(stage, SECRET) == "whsec_test_3"


def test_an_endpoint_of_another_api_version_is_replaced(stage: Stage, account: StripeAccount) -> None:
    deploy.register_webhook(stage, URL)
    account.endpoints["we_1"]["api_version"] = "2020-08-27"
    deploy.register_webhook(stage, URL)
    assert [each["api_version"] for each in account.endpoints.values()] == [stripe.api_version]


def test_a_stages_new_address_replaces_the_endpoint_of_its_old_one(
    stage: Stage, account: StripeAccount
) -> None:
    account.create([("url", "https://shop.test/hook")])
    deploy.register_webhook(stage, URL)
    deploy.register_webhook(stage, "https://tickets.example.com")
    urls = [each["url"] for each in account.endpoints.values()]
    assert urls == ["https://shop.test/hook", "https://tickets.example.com/api/payments/webhook"]


def test_where_stripe_does_not_list_endpoints_the_user_checks(stage: Stage, account: StripeAccount) -> None:
    secrets.write(stage, SECRET, "whsec_by_hand")
    account.error = "This key may not see webhooks."
    message = deploy.register_webhook(stage, URL)
    assert account.error in message
    assert f"that {WEBHOOK} is registered" in message
    assert secrets.read(stage, SECRET) == "whsec_by_hand"


def test_where_stripe_refuses_the_user_registers_the_webhook(stage: Stage, account: StripeAccount) -> None:
    account.error = "This key may not make webhooks."
    message = deploy.register_webhook(stage, URL)
    assert account.error in message
    assert all(word in message for word in (WEBHOOK, "make secrets STAGE=dev", *WEBHOOK_EVENTS))
    assert secrets.read(stage, SECRET) is None
