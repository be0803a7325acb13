"""Setting SES up for a stage, and what a deployment says where no mail is sent."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest

from operate import __main__, mail
from operate.command import UsageError
from operate.stages import Stage
from tests.fakes.aws_errors import AwsError
from tests.fakes.botocore_hook import hook

TOKENS = ["t1", "t2", "t3"]
FROM = "tickets@example.com"


@dataclass
class SesAccount:
    """SES's identities and limits, as its API answers."""

    identities: dict[str, dict[str, Any]] = field(default_factory=dict)
    production: bool = False
    suppressed: list[str] = field(default_factory=list)

    def handle(self, _: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        match operation:
            case "GetEmailIdentity":
                if params["EmailIdentity"] not in self.identities:
                    raise AwsError("NotFoundException")
                return self.identities[params["EmailIdentity"]]
            case "CreateEmailIdentity":
                dkim = {"Tokens": TOKENS, "Status": "NOT_STARTED"}
                created = {"VerifiedForSendingStatus": False, "DkimAttributes": dkim}
                self.identities[params["EmailIdentity"]] = created
                return created
            case "PutAccountSuppressionAttributes":
                self.suppressed = params["SuppressedReasons"]
                return {}
            case "GetAccount":
                quota = {"Max24HourSend": 50_000.0 if self.production else 200.0, "MaxSendRate": 14.0}
                return {"ProductionAccessEnabled": self.production, "SendQuota": quota}
        raise AssertionError(operation)


@pytest.fixture
def ses(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> SesAccount:
    """A new account in the sandbox."""
    account, client = SesAccount(), Stage.client

    def hooked(self: Stage, service: str) -> Any:
        if service != "sesv2":
            return client(self, service)
        made = boto3.Session().client("sesv2", region_name=self.region)
        hook(made, account.handle)
        return made

    monkeypatch.setattr(Stage, "client", hooked)
    return account


@pytest.fixture
def deployed(stage: Stage) -> Callable[[str], None]:
    """Deploys the stage's stack with an address that mails come from."""

    def deploy(address: str) -> None:
        template = {
            "Parameters": {"MailFrom": {"Type": "String"}},
            "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        }
        stage.client("cloudformation").create_stack(
            StackName=stage.stack,
            TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": "MailFrom", "ParameterValue": address}],
        )

    return deploy


def test_a_new_domain_gets_an_identity_and_its_records_are_printed(stage: Stage, ses: SesAccount) -> None:
    lines = list(mail.set_up(stage, FROM))
    assert lines[:4] == [
        "SES may send from example.com once these records are in its DNS:",
        *(f"  {each}._domainkey.example.com  CNAME  {each}.dkim.amazonses.com" for each in TOKENS),
    ]
    assert "SES's sandbox: 200 mails a day, and only to verified recipients." in lines[5]
    assert lines[-1] == "Then: make deploy STAGE=dev MAIL_FROM=tickets@example.com"
    assert ses.suppressed == ["BOUNCE", "COMPLAINT"]
    assert list(mail.set_up(stage, FROM)) == lines


def test_a_verified_domain_outside_of_the_sandbox_is_ready(stage: Stage, ses: SesAccount) -> None:
    ses.production = True
    ses.identities["example.com"] = {"VerifiedForSendingStatus": True}
    assert list(mail.set_up(stage, FROM))[:2] == [
        "SES may send from example.com.",
        "SES takes 50,000 mails a day, 14 a second.",
    ]


@pytest.mark.parametrize(
    "address", ["", "example.com", "a b@example.com", "Tiketz <t@example.com>", "t@ü.de"]
)
def test_what_is_no_address_is_refused(stage: Stage, ses: SesAccount, address: str) -> None:
    with pytest.raises(UsageError, match="is no address to send from"):
        list(mail.set_up(stage, address))
    assert ses.identities == {}


def test_a_deployment_says_that_no_mail_is_sent(
    stage: Stage, ses: SesAccount, deployed: Callable[[str], None]
) -> None:
    assert mail.unsent(stage) == (
        "No mail is sent, and nobody can get an account back: make mail STAGE=dev FROM=tickets@example.com"
    )
    deployed(FROM)
    assert str(mail.unsent(stage)).startswith("No mail is sent: SES may not send from example.com yet.")
    ses.identities["example.com"] = {"VerifiedForSendingStatus": True}
    assert mail.unsent(stage) is None


def test_mail_needs_a_sender(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        __main__.main(["mail", "--stage", "dev"])
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
