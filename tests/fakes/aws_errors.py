"""Errors that the simulated AWS services return."""

from typing import Any


class AwsError(Exception):
    """An error response as botocore parses it; `more` stands beside its `Error`."""

    def __init__(self, code: str, message: str = "", **more: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.response = {"Error": {"Code": code, "Message": message}, **more}
