"""The mailer: sends messages with SES. Only it calls SES."""

from email.message import EmailMessage

from botocore.exceptions import BotoCoreError, ClientError
from tiketz_common import aws

REFUSALS = frozenset({"BadRequestException", "MessageRejected"})
"""Errors of the message or its recipient: it is never accepted. All others may end: limits, a pause, a fault.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
"""


class MailRefused(Exception):
    """SES does not accept this message. Its error's text is left out: it may hold an address."""


class MailNotSent(Exception):
    """SES did not take the message, or its reply was lost; the error's text may hold an address, too."""


class Mailer:
    """SES, sending from one address."""

    def __init__(self) -> None:
        self._client = aws.client("sesv2")

    def send(self, message: EmailMessage, sender: str, recipient: str) -> None:
        """Send a message once: it may have been sent where no reply arrives within ten seconds.

        `recipient` is ASCII, as the directory's addresses are: SES has no SMTPUTF8.
        (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html)
        Raises MailRefused, MailNotSent.
        """
        message["To"] = recipient
        try:
            self._client.send_email(
                FromEmailAddress=sender,
                Destination={"ToAddresses": [recipient]},
                Content={"Raw": {"Data": message.as_bytes()}},
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise (MailRefused if code in REFUSALS else MailNotSent)(code) from None
        except BotoCoreError as error:
            raise MailNotSent(type(error).__name__) from error
