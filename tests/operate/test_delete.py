"""A stage is deleted without a rest, whatever state it is in and whatever Stripe says."""

import json
import socket
import threading
from dataclasses import replace

import pytest

from operate import delete, deploy, secrets, stripe
from operate.stages import CannotDo, Stage, stage
from tests.operate.conftest import GIVEN, URL, WEBHOOK, Account


def test_a_deleted_stage_leaves_nothing(place: Stage, account: Account, bucket: str) -> None:
    deploy.introduce(place, URL)
    s3 = place.client("s3")
    for _ in range(2):
        s3.put_object(Bucket=bucket, Key="index.html", Body=b"hello")
    s3.delete_object(Bucket=bucket, Key="index.html")
    delete.delete(place)
    assert account.endpoints == {}
    assert bucket not in [each["Name"] for each in s3.list_buckets()["Buckets"]]
    assert [secrets.read(place, kind) for kind in secrets.KINDS] == [None] * len(secrets.KINDS)
    delete.delete(place)


def test_a_first_deployment_that_failed_can_be_deleted(place: Stage) -> None:
    template = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    place.client("cloudformation").create_stack(StackName=place.stack, TemplateBody=template)
    delete.delete(place)
    with pytest.raises(CannotDo, match="is not deployed"):
        place.outputs()


@pytest.mark.parametrize("sure", [[], ["tiketz-prod"], ["dev"]])
def test_a_stage_is_deleted_only_by_its_stacks_name(aws: None, sure: list[str]) -> None:
    with pytest.raises(CannotDo, match="SURE=tiketz-dev"):
        delete.main(["dev", *sure])


@pytest.fixture
def prod(aws: None) -> Stage:
    """The prod stage, with its secrets and a stack."""
    place = stage("prod")
    secrets.make_missing(place, lambda asked: next((key for word, key in GIVEN.items() if word in asked), ""))
    template = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    place.client("cloudformation").create_stack(StackName=place.stack, TemplateBody=template)
    return place


def test_prod_is_not_deleted_by_a_command(prod: Stage) -> None:
    with pytest.raises(CannotDo, match="prod keeps its data"):
        delete.main(["prod", prod.stack])
    assert secrets.read(prod, "auth/refresh-key") is not None


def test_what_is_left_of_prod_when_its_stack_is_gone_is_deleted(
    prod: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    prod.client("cloudformation").delete_stack(StackName=prod.stack)
    delete.main(["prod", prod.stack])
    assert [secrets.read(prod, kind) for kind in secrets.KINDS] == [None] * len(secrets.KINDS)
    assert "Tables and the bucket, where it had made them, stay" in capsys.readouterr().out


def test_a_first_deployment_of_prod_that_failed_is_deleted_as_it_was_told(
    prod: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as failed:
        failed.setattr(Stage, "status", lambda _: "ROLLBACK_COMPLETE")
        assert "make delete STAGE=prod SURE=tiketz-prod" in deploy.failure(prod)
        delete.main(["prod", prod.stack])
    with pytest.raises(CannotDo, match="is not deployed"):
        prod.status()


def test_a_stage_is_deleted_though_stripe_refuses(place: Stage, account: Account, bucket: str) -> None:
    deploy.introduce(place, URL)
    account.refuses = "This key may not delete webhooks."
    [left] = delete.delete(place)
    assert account.refuses in left
    assert f"Delete the webhook that tells {WEBHOOK}" in left
    assert bucket not in [each["Name"] for each in place.client("s3").list_buckets()["Buckets"]]
    assert secrets.read(place, "stripe/secret-key") is None


@pytest.mark.parametrize(
    ("status", "said"), [(502, "Stripe refused: 502 Bad Gateway."), (200, "is not Stripe.")]
)
def test_what_is_no_answer_of_stripes_is_one_sentence(
    place: Stage, account: Account, status: int, said: str
) -> None:
    account.status = status
    with pytest.raises(CannotDo, match=said):
        stripe.endpoints(place, WEBHOOK)


def test_a_stripe_that_hangs_up_cannot_be_reached(place: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        base = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(CannotDo, match=f"can't be reached at {base}"):
            stripe.ask(replace(place, parameters={"StripeApiBase": base}), "GET", "balance")
