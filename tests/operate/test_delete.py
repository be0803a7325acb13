"""A stage is deleted completely, whatever its state and whatever Stripe responds."""

import json
import socket
import threading
from dataclasses import replace

import pytest

from operate import __main__, delete, deploy, secrets, stages, stripe
from operate.command import CommandError
from operate.stages import Stage
from tests.operate.conftest import URL, WEBHOOK, StripeAccount, create_table, stripe_keys

ONE_TOPIC = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})


def buckets(stage: Stage) -> list[str]:
    return [each["Name"] for each in stage.client("s3").list_buckets()["Buckets"]]


def stored_secrets(stage: Stage) -> list[str]:
    return [kind for kind in secrets.KINDS if secrets.read(stage, kind) is not None]


def test_a_deleted_stage_leaves_nothing(stage: Stage, account: StripeAccount, bucket: str) -> None:
    deploy.register_webhook(stage, URL)
    s3 = stage.client("s3")
    for _ in range(2):
        s3.put_object(Bucket=bucket, Key="index.html", Body=b"hello")
    s3.delete_object(Bucket=bucket, Key="index.html")
    assert delete.delete(stage) == []
    assert (account.endpoints, buckets(stage), stored_secrets(stage)) == ({}, [], [])
    assert delete.delete(stage) == []


def test_a_first_deployment_that_failed_is_deleted(stage: Stage) -> None:
    stage.client("cloudformation").create_stack(StackName=stage.stack, TemplateBody=ONE_TOPIC)
    delete.delete(stage)
    with pytest.raises(CommandError, match="is not deployed"):
        stage.outputs()


@pytest.fixture
def prod(aws: None) -> Stage:
    """The prod stage, with its secrets and a stack."""
    stage = stages.load("prod")
    secrets.create_missing(stage, stripe_keys)
    stage.client("cloudformation").create_stack(StackName=stage.stack, TemplateBody=ONE_TOPIC)
    return stage


DELETE_PROD = ["delete", "--stage", "prod", "--sure", "tiketz-prod"]


def test_no_command_deletes_prod(prod: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(DELETE_PROD) == 1
    assert "prod keeps its data" in capsys.readouterr().err
    assert stored_secrets(prod) == list(secrets.KINDS)[:-1]


def test_the_rest_of_prod_is_deleted_after_its_stack(prod: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    prod.client("cloudformation").delete_stack(StackName=prod.stack)
    create_table(prod, "tiketz-prod-Orders-1ABC-Table-2DEF")
    create_table(prod, "tiketz-dev-Orders-1ABC-Table-2DEF")
    prod.client("s3").create_bucket(
        Bucket="tiketz-prod-hosting-1abc-webbucket-2def",
        CreateBucketConfiguration={"LocationConstraint": prod.region},
    )
    assert __main__.main(DELETE_PROD) == 0
    assert stored_secrets(prod) == []
    assert capsys.readouterr().out.splitlines()[1:] == [
        "The table tiketz-prod-Orders-1ABC-Table-2DEF remains: delete it in AWS's console.",
        "The bucket tiketz-prod-hosting-1abc-webbucket-2def remains: delete it in AWS's console.",
        "tiketz-prod is deleted.",
    ]


def test_a_failed_first_deployment_of_prod_is_deleted(prod: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as failed:
        failed.setattr(Stage, "status", lambda _: "ROLLBACK_COMPLETE")
        assert "make delete STAGE=prod SURE=tiketz-prod" in deploy.failure(prod)
        assert __main__.main(DELETE_PROD) == 0
    with pytest.raises(CommandError, match="is not deployed"):
        prod.status()


def test_a_stage_is_deleted_though_stripe_refuses(stage: Stage, account: StripeAccount, bucket: str) -> None:
    deploy.register_webhook(stage, URL)
    account.error = "This key may not delete webhooks."
    [manual] = delete.delete(stage)
    assert account.error in manual
    assert f"Delete the webhook of {WEBHOOK} in Stripe's dashboard" in manual
    assert (buckets(stage), stored_secrets(stage)) == ([], [])


@pytest.mark.parametrize("status", [200, 502])
def test_a_response_that_is_not_stripes_is_an_error(
    stage: Stage, account: StripeAccount, status: int
) -> None:
    account.proxy_status = status
    with pytest.raises(CommandError, match=f"Stripe request failed: .*{status}"):
        stripe.endpoints(stage, WEBHOOK)


def test_a_closed_connection_to_stripe_is_an_error(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        base = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(CommandError, match=f"can't be reached at {base}"):
            stripe.endpoints(replace(stage, parameters={"StripeApiBase": base}), WEBHOOK)
