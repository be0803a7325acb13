"""What is measured: every built function, a typical handler for three requests, a lower bound for one."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from bench import sample_events

ROOT = Path(__file__).parents[1]
BUILT = ROOT / ".aws-sam/build"
TYPICAL = ROOT / ".tiketz/bench/typical"  # the typical handler's packages
RUNTIME = (
    "boto3",
    "botocore",
    "s3transfer",
    "jmespath",
    "dateutil",
    "six.py",
    "urllib3",
)  # Lambda's own part
ZIP_TIMES = (315532800, 315532800)  # 1 January 1980, of every file in a SAM zip
FUNCTION = "AWS::Serverless::Function"
PARAMETERS = {
    "Table": "bench",
    "EventBusName": "tiketz",
    "HoldSeconds": "900",
    "Inbox": "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox",
    "InboxDead": "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox-dead",
    "RelayFailed": "https://sqs.eu-west-1.amazonaws.com/123456789012/relay-failed",
    "DirectoryArn": "arn:aws:lambda:eu-west-1:123456789012:function:directory",
    "MailFrom": "tickets@example.com",
    "PublicUrl": "https://tiketz.example",
    "OrderExpiration": "arn:aws:states:eu-west-1:123456789012:stateMachine:OrderExpiration",
    "OriginSecret": "",
    "SigningKeysParameter": "/tiketz/auth/signing-keys",
    "RefreshKeyParameter": "/tiketz/auth/refresh-key",
    "LinkKeysParameter": "/tiketz/auth/link-keys",
    "VerificationKeysParameter": "/tiketz/auth/verification-keys",
    "StripeSecretKeyParameter": "/tiketz/stripe/secret-key",
    "StripeWebhookSecretParameter": "/tiketz/stripe/webhook-secret",
}
TYPICAL_EVENTS = {
    "create-order": sample_events.create_order,
    "browse": sample_events.browse,
    "sign-in": sample_events.sign_in,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A handler, its environment and its events."""

    name: str
    handler: str
    path: tuple[Path, ...]
    environment: dict[str, str]
    event: Callable[[], dict[str, Any]]  # made when it is sent: a signature has a time
    uploaded: tuple[Path, ...] = field(default=())  # folders

    @property
    def trusted(self) -> list[Path]:
        """Its own certificate bundles, to which the stub's authority is added."""
        names = ("stripe/data/ca-certificates.crt", "amazon_roots.pem")
        return [path for folder in self.path for name in names for path in folder.glob(name)]

    @property
    def megabytes(self) -> float:
        """Unzipped, with the layer."""
        files = (each for folder in self.uploaded for each in folder.rglob("*") if each.is_file())
        return sum(each.stat().st_size for each in files) / 1_000_000


def runtime(folder: Path) -> Path:
    """The packages of Lambda's runtime, and nothing else of the environment that they come from."""
    target = folder / "runtime"
    target.mkdir()
    packages = Path(sys.prefix).with_name(".venv-lambda")
    [site] = packages.glob("lib/python3.*/site-packages")
    for name in RUNTIME:
        (target / name).symlink_to(site / name)
    return target


def names() -> list[str]:
    """The names of all subjects. Raises SystemExit where nothing is built."""
    if not BUILT.is_dir():
        raise SystemExit("Nothing is built: run `make build` first.")
    built = [
        f"{template.parent.name.lower()}/{name}"
        for template in sorted(BUILT.glob("*/template.yaml"))
        for name, resource in yaml_parse(template.read_text())["Resources"].items()
        if resource["Type"] == FUNCTION
    ]
    return [*built, *(f"typical/{name}" for name in TYPICAL_EVENTS), "floor/create-order"]


def functions(folder: Path, names: list[str]) -> Iterator[Subject]:
    """Every function of every built template (or those named), unpacked as from its zip."""
    for template in sorted(BUILT.glob("*/template.yaml")):
        parsed = yaml_parse(template.read_text())
        common = parsed.get("Globals", {}).get("Function", {}).get("Environment", {}).get("Variables", {})
        service = template.parent.name.lower()
        layer = folder / service / "opt"
        for name, resource in parsed["Resources"].items():
            if resource["Type"] != FUNCTION or (names and f"{service}/{name}" not in names):
                continue
            if not layer.exists():
                unpack(template.parent / "Common", layer)
            properties = resource["Properties"]
            variables = {**common, **properties.get("Environment", {}).get("Variables", {})}
            parameters = PARAMETERS | _numbers(parsed)
            environment = {key: _value(key, value, service, parameters) for key, value in variables.items()}
            code = unpack(template.parent / name, folder / service / name)
            yield Subject(
                name=f"{service}/{name}",
                handler=properties["Handler"],
                path=(code, layer / "python"),
                environment=environment,
                event=partial(sample_events.of, f"{service}/{name}"),
                uploaded=(code, layer),
            )


def others(folder: Path) -> Iterator[Subject]:
    """What the functions are compared with."""
    settings = {"TABLE_NAME": "bench", "EVENT_BUS_NAME": "tiketz", "JWT_KEY": sample_events.JWT_KEY}
    settings |= {"POWERTOOLS_SERVICE_NAME": "typical", "POWERTOOLS_METRICS_NAMESPACE": "Typical"}
    typical = unpack(TYPICAL, folder / "typical")
    code = unpack(ROOT / "bench/typical", folder / "typical-code")
    for name, event in TYPICAL_EVENTS.items():
        yield Subject(
            name=f"typical/{name}",
            handler=f"{name.replace('-', '_')}.handler",
            path=(code, typical),
            environment=settings | ({"TABLE_NAME": "tickets"} if name == "browse" else {}),
            event=event,
            uploaded=(code, typical),
        )
    floor = unpack(ROOT / "bench/floor", folder / "floor")
    yield Subject(
        name="floor/create-order",
        handler="create_order.handler",
        path=(floor,),
        environment=settings | {"AWS_CA_BUNDLE": str(floor / "amazon_roots.pem")},
        event=sample_events.create_order,
        uploaded=(floor,),
    )


def unpack(source: Path, target: Path) -> Path:
    """A copy of a built folder as Lambda unzips it."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.pyi"))
    for each in target.rglob("*"):
        os.utime(each, ZIP_TIMES)
    return target


def _numbers(template: dict[str, Any]) -> dict[str, str]:
    """The defaults of a template's numeric parameters."""
    numbers = {name: each for name, each in template["Parameters"].items() if each["Type"] == "Number"}
    return {name: str(each["Default"]) for name, each in numbers.items() if name not in PARAMETERS}


def _value(key: str, value: Any, service: str, parameters: dict[str, str]) -> str:
    """An environment variable as it is deployed; a table is named after its service."""
    if not isinstance(value, dict):
        return str(value)
    return service if key == "TABLE_NAME" else parameters.get(next(iter(value.values())), "")
