"""What a developer may choose about the local environment, read from environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.aws.account import EngineName
from local.aws.config import WrongArgument
from local.aws.data_folder import READY_FILE as READY_FILE

ROOT = Path(__file__).parents[1]
BUS = "tiketz"
MAIL_FROM = "tickets@tiketz.test"
STACK_PREFIX = "tiketz"
TEMPLATES = sorted(  # auth first: its authorizer is a parameter of the others
    ROOT.glob("functions/*/template.yaml"), key=lambda each: (each.parent.name != "auth", each)
)
WORKER_PYTHON = ROOT / ".venv-lambda/bin/python"  # with what Lambda has installed, and nothing else
# Parameters: all clients have one address, so limits of a network would be limits of all.
UNLIMITED = dict.fromkeys(("SignUpsPerNetwork", "SignInFailuresPerNetwork", "MailsPerNetwork"), "1000000")
SILENT_ATTRIBUTES = ("silent",)  # rows with one are skipped by the relays' stream filters
ENGINES: dict[str, EngineName] = {"embedded": "embedded", "local": "local"}
CONTAINERS = {"": None, "0": False, "1": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One local environment."""

    port: int  # 0: any free port
    data: Path
    engine: EngineName
    hold_seconds: int | None  # None: the template's default
    fresh: bool  # delete stored data first
    demo: bool  # make accounts and listings on the first start
    containers: bool | None = None  # None: where Docker's bridge exists


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Raises WrongArgument."""
    engine = environ.get("DYNAMODB") or "embedded"
    if engine not in ENGINES:
        raise WrongArgument(f"DYNAMODB must be 'embedded' or 'local', not {engine!r}.")
    containers = environ.get("CONTAINERS", "")
    if containers not in CONTAINERS:
        raise WrongArgument(f"CONTAINERS must be 0 or 1, not {containers!r}.")
    hold = environ.get("HOLD_SECONDS", "")
    port = environ.get("PORT") or "8080"
    return Settings(
        port=_whole_number("PORT", port, range(65536)),
        data=Path(environ.get("DATA") or ROOT / ".tiketz/data").resolve(),
        engine=ENGINES[engine],
        hold_seconds=_whole_number("HOLD_SECONDS", hold, range(5, 3601)) if hold else None,
        fresh=environ.get("FRESH", "") not in ("", "0"),
        demo=environ.get("DEMO", "1") not in ("", "0"),
        containers=CONTAINERS[containers],
    )


def _whole_number(name: str, text: str, allowed: range) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) not in allowed:
        raise WrongArgument(
            f"{name} must be a whole number from {allowed[0]} to {allowed[-1]}, not {text!r}."
        )
    return int(text)
