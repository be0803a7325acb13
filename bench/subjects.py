"""What is measured: every function as it was built, a typical handler for three requests, a floor for one."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from bench import samples

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
IN_A_ZIP = (315532800, 315532800)  # every file's time is 1 January 1980 once it was in a SAM zip
FUNCTION = "AWS::Serverless::Function"
GIVEN = {
    "Table": "bench",
    "EventBusName": "tiketz",
    "HoldSeconds": "900",
    "Inbox": "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox",
    "OrderExpiration": "arn:aws:states:eu-west-1:123456789012:stateMachine:OrderExpiration",
    "OriginSecret": "",
    "SigningKeysParameter": "/tiketz/auth/signing-keys",
    "RefreshKeyParameter": "/tiketz/auth/refresh-key",
    "StripeSecretKeyParameter": "/tiketz/stripe/secret-key",
    "StripeWebhookSecretParameter": "/tiketz/stripe/webhook-secret",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A handler, what its process is given, and what it is asked."""

    name: str
    handler: str
    path: tuple[Path, ...]
    environment: dict[str, str]
    event: Callable[[], dict[str, Any]]  # made when it is asked: a signature has a time
    owned: tuple[Path, ...] = field(default=())  # the folders that are uploaded

    @property
    def trusted(self) -> list[Path]:
        """The authorities that it brings along, in copies of our own: the bench's becomes one of them."""
        names = ("tiketz_common/sdk/amazon_roots.pem", "stripe/data/ca-certificates.crt", "amazon_roots.pem")
        return [path for folder in self.path for name in names for path in folder.glob(name)]

    @property
    def megabytes(self) -> float:
        """Unzipped, its layer included."""
        files = (each for folder in self.owned for each in folder.rglob("*") if each.is_file())
        return sum(each.stat().st_size for each in files) / 1_000_000


def runtime(folder: Path) -> Path:
    """What Lambda's runtime brings along, and nothing else of the environment that it is taken from."""
    made = folder / "runtime"
    made.mkdir()
    packages = Path(sys.prefix).with_name(".venv-lambda")
    [site] = packages.glob("lib/python3.*/site-packages")
    for name in RUNTIME:
        (made / name).symlink_to(site / name)
    return made


def functions(folder: Path, names: list[str]) -> Iterator[Subject]:
    """Every function of every built template (or those named), unpacked as from its zip."""
    if not BUILT.is_dir():
        raise SystemExit("Nothing is built: run `make build`.")
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
            told = resource["Properties"]
            variables = {**common, **told.get("Environment", {}).get("Variables", {})}
            environment = {key: _value(key, given, service) for key, given in variables.items()}
            code = unpack(template.parent / name, folder / service / name)
            yield Subject(
                name=f"{service}/{name}",
                handler=told["Handler"],
                path=(code, layer / "python"),
                environment=environment,
                event=partial(samples.of, f"{service}/{name}"),
                owned=(code, layer),
            )


def others(folder: Path) -> Iterator[Subject]:
    """What the functions are held against."""
    settings = {"TABLE_NAME": "bench", "EVENT_BUS_NAME": "tiketz", "JWT_KEY": samples.JWT_KEY}
    settings |= {"POWERTOOLS_SERVICE_NAME": "typical", "POWERTOOLS_METRICS_NAMESPACE": "Typical"}
    typical = unpack(TYPICAL, folder / "typical")
    code = unpack(ROOT / "bench/typical", folder / "typical-code")
    for name, event in (
        ("create-order", samples.create_order),
        ("browse", samples.browse),
        ("sign-in", samples.sign_in),
    ):
        yield Subject(
            name=f"typical/{name}",
            handler=f"{name.replace('-', '_')}.handler",
            path=(code, typical),
            environment=settings | ({"TABLE_NAME": "tickets"} if name == "browse" else {}),
            event=event,
            owned=(code, typical),
        )
    floor = unpack(ROOT / "bench/floor", folder / "floor")
    roots = floor / "amazon_roots.pem"
    shutil.copyfile(ROOT / "layers/common/tiketz_common/sdk" / roots.name, roots)
    yield Subject(
        name="floor/create-order",
        handler="create_order.handler",
        path=(floor,),
        environment=settings | {"AWS_CA_BUNDLE": str(roots)},
        event=samples.create_order,
        owned=(floor,),
    )


def unpack(source: Path, target: Path) -> Path:
    """A copy of a built folder as Lambda finds it after unzipping."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.pyi"))
    for each in target.rglob("*"):
        os.utime(each, IN_A_ZIP)
    return target


def _value(key: str, given: Any, service: str) -> str:
    """A setting as it would be deployed; a table is called like its service."""
    if not isinstance(given, dict):
        return str(given)
    return service if key == "TABLE_NAME" else GIVEN.get(next(iter(given.values())), "")
