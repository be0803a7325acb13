"""What must be true before a stage is deployed, so that a deployment doesn't fail half way."""

from collections.abc import Mapping

from operate import secrets, secrets_key
from operate.command import CommandError, UsageError
from operate.stages import Stage

REQUIRED_SECRETS = (
    "auth/signing-keys",
    "auth/refresh-key",
    "auth/link-keys",
    "origin-secret",
    "stripe/secret-key",
    "stripe/publishable-key",
)


def check(stage: Stage, alarm_email: str | None = None) -> None:
    """Raises CommandError where a parameter or a secret is missing."""
    parameters = {**stage.deployed_parameters(), **stage.parameters}
    if alarm_email:
        parameters["AlarmEmail"] = alarm_email
    check_parameters(stage, parameters)
    check_secrets(stage)


def check_parameters(stage: Stage, parameters: Mapping[str, str]) -> None:
    """Raises UsageError for parameters, given now or by an earlier deployment, that don't fit together."""
    address = parameters.get("AlarmEmail")
    if not address and (stage.is_prod or parameters.get("MonthlyBudget", "0") != "0"):
        what = "its alarms" if stage.is_prod else "its budget's alarm"
        raise UsageError(
            f"{stage.name} needs an address for {what}: ALARM_EMAIL=you@example.com (--alarm-email)."
        )
    if bool(parameters.get("DomainName")) != bool(parameters.get("CertificateArn")):
        raise UsageError("DomainName and CertificateArn in samconfig.toml need each other.")


def check_secrets(stage: Stage) -> None:
    """Raises CommandError where a secret, or prod's key of the secrets, is missing."""
    if stage.has_own_key and secrets_key.find(stage) is None:
        raise CommandError(f"The secrets need a key of their own: make secrets STAGE={stage.name}.")
    missing = [kind for kind in REQUIRED_SECRETS if secrets.read(stage, kind) is None]
    if missing:
        raise CommandError(f"Secrets are missing ({', '.join(missing)}): make secrets STAGE={stage.name}.")
