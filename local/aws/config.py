"""What every part agrees on: one account, one region, its ARNs, and how a start fails."""

REGION = "eu-west-1"
ACCOUNT = "123456789012"
ROOT_ACCESS_KEY = "AKIALOCALROOT0000000"  # twenty characters, as moto wants them; every call is allowed
SECRET_ACCESS_KEY = "local"  # signatures aren't checked


class CannotStart(Exception):
    """Why a start fails, as one sentence that says what to do: the state of this machine prevents it."""

    exit_code = 1


class WrongArgument(CannotStart):
    """The same for an argument or a setting that can't be used."""

    exit_code = 2


def arn(service: str, resource: str) -> str:
    """An ARN in the one account and region."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"
