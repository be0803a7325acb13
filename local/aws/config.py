"""What every part of the local AWS agrees on: one account, one region, and how starting is refused."""

from pathlib import Path

REGION = "eu-west-1"
ACCOUNT = "123456789012"
DYNAMODB_LOCAL_JARS = Path(__file__).parents[2] / ".tools/dynamodb-local"  # of `make dynamodb-local`


class CannotStart(Exception):
    """Why the environment cannot start, as one sentence that says what to do."""
