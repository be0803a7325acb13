"""Have SES send a stage's mails from an address, and print what is left to do by hand.

Creates the identity of the address's domain, and has SES suppress addresses that bounced or complained.
Idempotent: run it again to see what is still left.
"""

import argparse
import re
from collections.abc import Iterator
from typing import Any

from operate import stages
from operate.command import UsageError
from operate.stages import LOCAL, Stage

DKIM_DOMAIN = "dkim.amazonses.com"  # where an identity doesn't say another
ADDRESS = re.compile(r"[^@\s<>\"]+@([a-z0-9-]+\.)+[a-z0-9-]+", re.ASCII)


def set_up(stage: Stage, address: str) -> Iterator[str]:
    """Each thing that was done or is left to do, as a sentence or a DNS record. Raises UsageError."""
    if not ADDRESS.fullmatch(address):
        raise UsageError(f"{address!r} is no address to send from, such as tickets@example.com.")
    ses, domain = stage.client("sesv2"), address.rpartition("@")[2]
    identity = _identity(ses, domain)
    ses.put_account_suppression_attributes(SuppressedReasons=["BOUNCE", "COMPLAINT"])
    if identity.get("VerifiedForSendingStatus"):
        yield f"SES may send from {domain}."
    else:
        yield f"SES may send from {domain} once these records are in its DNS:"
        yield from _records(identity["DkimAttributes"], domain)
    account = ses.get_account()
    quota = account["SendQuota"]
    if account["ProductionAccessEnabled"]:
        yield f"SES takes {quota['Max24HourSend']:,.0f} mails a day, {quota['MaxSendRate']:g} a second."
    else:
        yield (
            f"The account is in SES's sandbox: {quota['Max24HourSend']:,.0f} mails a day, and only to"
            " verified recipients. Request production access in SES's console."
        )
    yield f"Then: make deploy STAGE={stage.name} MAIL_FROM={address}"


def unsent(stage: Stage) -> str | None:
    """That the deployed stage sends no mail, and why; None where it does."""
    address = stage.deployed_parameters().get("MailFrom", "")
    command = f"make mail STAGE={stage.name} FROM={address or 'tickets@example.com'}"
    if not address:
        return f"No mail is sent, and nobody can get an account back: {command}"
    ses, domain = stage.client("sesv2"), address.rpartition("@")[2]
    try:
        verified = ses.get_email_identity(EmailIdentity=domain).get("VerifiedForSendingStatus")
    except ses.exceptions.NotFoundException:
        verified = False
    return None if verified else f"No mail is sent: SES may not send from {domain} yet. {command}"


def _identity(ses: Any, domain: str) -> Any:
    """The domain's identity, created if need be."""
    try:
        return ses.get_email_identity(EmailIdentity=domain)
    except ses.exceptions.NotFoundException:
        return ses.create_email_identity(EmailIdentity=domain)


def _records(dkim: dict[str, Any], domain: str) -> Iterator[str]:
    """https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-easy.html"""
    host = dkim.get("SigningHostedZone") or DKIM_DOMAIN
    for token in dkim.get("Tokens", []):
        yield f"  {token}._domainkey.{domain}  CNAME  {token}.{host}"
    yield f'  _dmarc.{domain}  TXT  "v=DMARC1; p=none"  (unless it has one)'


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser)
    parser.add_argument("--from", required=True, dest="address", metavar="ADDRESS", help="the sender")


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    stage = stages.load(options.stage)
    if stage.name == LOCAL:
        print("No mail leaves the local environment: they are at /_local/mail.")
        return
    for line in set_up(stage, options.address):
        print(line)
