"""What AWS answers instead of doing what was asked."""

from typing import Any


class AwsError(Exception):
    """An error as botocore parses it; `more` stands beside it in the answer."""

    def __init__(self, code: str, message: str = "", **more: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.answer = {"Error": {"Code": code, "Message": message}, **more}
