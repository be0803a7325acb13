"""Prod's secrets are encrypted with a key of their own, as soon as the functions may use it."""

import json
from dataclasses import replace

import pytest

from operate import __main__, delete, deploy, preconditions, secrets, secrets_key
from operate.command import CommandError
from operate.stages import Stage
from tests.operate.conftest import stripe_keys


@pytest.fixture
def prod(stage: Stage) -> Stage:
    """A prod stage without secrets or key, not yet deployed."""
    for kind in secrets.KINDS:
        secrets.delete(stage, kind)
    return replace(stage, parameters={**stage.parameters, "Stage": "prod", "AlarmEmail": "ops@example.com"})


def deploy_stack(stage: Stage, key: str) -> None:
    """Create the stage's stack, or update it, with this key."""
    template = {
        "Parameters": {"SecretsKeyArn": {"Type": "String"}},
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    }
    cloudformation = stage.client("cloudformation")
    exists = bool(stage.deployed_parameters())
    (cloudformation.update_stack if exists else cloudformation.create_stack)(
        StackName=stage.stack,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": "SecretsKeyArn", "ParameterValue": key}],
    )


def keys(stage: Stage) -> set[str]:
    """The keys that encrypt the stage's secrets."""
    described = stage.client("ssm").describe_parameters()["Parameters"]
    return {each["KeyId"] for each in described if each["Type"] == "SecureString"}


def test_a_new_stages_secrets_are_encrypted_with_its_key(prod: Stage) -> None:
    key = secrets_key.create(prod)
    secrets.create_missing(prod, stripe_keys)
    assert keys(prod) == {key}
    assert secrets.reencrypt(prod) == []
    assert prod.client("kms").get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]


def test_a_development_stage_has_no_key(stage: Stage) -> None:
    secrets_key.create(stage)
    secrets.create_missing(stage, stripe_keys)
    assert keys(stage) == {"alias/aws/ssm"}
    assert not any(each.startswith("SecretsKeyArn") for each in deploy.command(stage, origin={}))


def test_a_deployed_stages_secrets_follow_once_its_roles_may_decrypt(prod: Stage) -> None:
    secrets.create_missing(prod, stripe_keys)
    deploy_stack(prod, "")
    key = secrets_key.create(prod)
    secrets.replace(prod, "stripe/secret-key", lambda _: "sk_test_2")
    assert secrets.reencrypt(prod) == []
    assert keys(prod) == {"alias/aws/ssm"}  # which the deployed functions read
    assert f"SecretsKeyArn={key}" in deploy.command(prod, origin={})
    deploy_stack(prod, key)
    assert secrets.reencrypt(prod) == list(secrets.KINDS)[:-1]
    assert keys(prod) == {key}
    assert secrets.read(prod, "stripe/secret-key") == "sk_test_2"


def test_prod_is_not_deployed_without_its_key(prod: Stage) -> None:
    secrets.create_missing(prod, stripe_keys)
    with pytest.raises(CommandError, match="key of their own: make secrets STAGE=dev"):
        preconditions.check(prod)
    secrets_key.create(prod)
    preconditions.check(prod)


def test_a_key_does_not_change_the_release(prod: Stage) -> None:
    def release() -> list[str]:
        return [each for each in deploy.command(prod, origin={}) if each.startswith("Release=")]

    before = release()
    secrets_key.create(prod)
    assert release() == before


def test_the_command_creates_prods_key_once(aws: None, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert __main__.main(["secrets", "--stage", "prod"]) == 0
    assert capsys.readouterr().out.count("Created the key of the secrets: arn:aws:kms:") == 1


def test_a_deleted_stages_key_is_deleted_and_a_new_one_can_be_created(prod: Stage) -> None:
    key = secrets_key.create(prod)
    delete.delete(prod)
    assert secrets_key.find(prod) is None
    assert prod.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert secrets_key.create(prod) != key
