"""The KMS key of a prod stage's secrets, which functions use through Parameter Store only.

What aws/ssm, the account's own key, encrypts, every role of the account may decrypt. With this key the
templates let each role decrypt its own parameters. It costs 1 $ a month (https://aws.amazon.com/kms/pricing/).
"""

from operate.stages import Stage

PENDING_DAYS = 7  # before a deleted key is gone; the fewest that KMS takes


def find(stage: Stage) -> str | None:
    """The key's ARN, if there is one."""
    kms = stage.client("kms")
    try:
        return str(kms.describe_key(KeyId=_alias(stage))["KeyMetadata"]["Arn"])
    except kms.exceptions.NotFoundException:
        return None


def create(stage: Stage) -> str:
    """Create the key, which AWS rotates each year; its ARN."""
    kms = stage.client("kms")
    key = kms.create_key(Description=f"Secrets of {stage.stack}")["KeyMetadata"]
    kms.create_alias(AliasName=_alias(stage), TargetKeyId=key["KeyId"])
    kms.enable_key_rotation(KeyId=key["KeyId"])
    return str(key["Arn"])


def in_use(stage: Stage) -> str | None:
    """The ARN of the key for new values; None for aws/ssm, which a stack without this key's ARN reads."""
    if not stage.has_own_key:
        return None
    arn, deployed = find(stage), stage.deployed_parameters()
    return arn if not deployed or deployed.get("SecretsKeyArn") == arn else None


def delete(stage: Stage) -> None:
    """Delete the key, if there is one, and with it the last way to read the secrets it encrypted."""
    kms, arn = stage.client("kms"), find(stage)
    if arn:
        kms.delete_alias(AliasName=_alias(stage))
        kms.schedule_key_deletion(KeyId=arn.rpartition("/")[2], PendingWindowInDays=PENDING_DAYS)


def _alias(stage: Stage) -> str:
    return f"alias/{stage.stack}-secrets"
