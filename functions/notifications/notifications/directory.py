"""The directory of auth: who a mail goes to. Only it calls Lambda.

Addresses are requested when a mail is written, and stored nowhere outside of auth.
"""

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from tiketz_common import aws


class DirectoryFailed(Exception):
    """The function failed, or could not be invoked. What it said is left out: it may hold an address."""


@dataclass(frozen=True, slots=True)
class Addressees:
    """Who gets the mails of a request: addresses by role (owner, old, new), and the token that fulfils it.

    There is nobody where the request is closed, and no token where it needs none any more.
    """

    addresses: dict[str, str]
    token: str | None


class Directory:
    """Auth's Directory function."""

    def __init__(self, arn: str) -> None:
        self._arn = arn
        self._client = aws.client("lambda")

    def address(self, user_id: str) -> str | None:
        """A user's e-mail address; None where there is no such account. Raises DirectoryFailed."""
        email: str | None = self._ask({"userId": user_id})["email"]
        return email

    def of_request(self, request_id: str) -> Addressees:
        """Who gets the mails of a request. Raises DirectoryFailed."""
        entry = self._ask({"requestId": request_id})
        return Addressees({each["role"]: each["email"] for each in entry["to"]}, entry["token"])

    def _ask(self, question: dict[str, str]) -> Any:
        try:
            response = self._client.invoke(FunctionName=self._arn, Payload=json.dumps(question))
        except (BotoCoreError, ClientError) as error:
            raise DirectoryFailed(type(error).__name__) from error
        answer = json.loads(response["Payload"].read() or "null")
        if "FunctionError" in response:
            raise DirectoryFailed(response["FunctionError"])
        return answer
