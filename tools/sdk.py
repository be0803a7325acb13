"""Writes the part of AWS's SDK data that the functions read, and the root certificates they trust.

    python -m tools.sdk

botocore has descriptions of 400 services and of every region, and reads them when a client is made. A
function needs a few operations of five services. It trusts 140 authorities; AWS's addresses have
certificates of Amazon's own (https://www.amazontrust.com/repository/, https://aws.amazon.com/blogs/security/
how-to-prepare-for-aws-move-to-its-own-certificate-authority/). Both are extracted from the pinned botocore.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
from botocore.loaders import Loader
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from operate.command import Parser

COMMON_NAME = NameOID.COMMON_NAME
TARGET = Path(__file__).parents[1] / "layers/common/tiketz_common/sdk"
OPERATIONS = {
    "dynamodb": (
        "BatchGetItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "TransactWriteItems",
        "UpdateItem",
    ),
    "events": ("PutEvents",),
    "sqs": ("ChangeMessageVisibility",),
    "ssm": ("GetParameter",),
    "stepfunctions": ("StartExecution", "StopExecution"),
}
# A row's values are JSON on the wire, since no row of ours holds bytes. Described as a document they are
# passed on; else botocore parses each, which was two thirds of the time to read a page of tickets.
DOCUMENTS = {"AttributeValue"}
SHARED = ("partitions", "sdk-default-configuration")
UNREAD = {"documentation", "examples", "smithy.rules#endpointTests"}
ROOTS = ("Amazon Root CA ", "Starfield Services Root Certificate Authority")


def main(arguments: list[str] | None = None) -> int:
    Parser(
        prog="python -m tools.sdk",
        description="Write the SDK data and certificates that functions read.",
    ).parse_args(arguments)
    shutil.rmtree(TARGET, ignore_errors=True)
    for name, text in files().items():
        path = TARGET / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(f"{len(text):8} {path.relative_to(TARGET.parents[3])}")
    return 0


def files() -> dict[str, str]:
    """The texts of all files in `TARGET`, by name."""
    loader = Loader()
    texts = {f"data/{name}.json": _json(loader.load_data(name)) for name in SHARED}
    prefixes = set()
    for service, operations in OPERATIONS.items():
        version = loader.determine_latest_version(service, "service-2")
        model = _model(loader.load_service_model(service, "service-2", version), operations)
        prefixes.add(model["metadata"]["endpointPrefix"])
        rules = loader.load_service_model(service, "endpoint-rule-set-1", version)
        texts[f"data/{service}/{version}/service-2.json"] = _json(model)
        texts[f"data/{service}/{version}/endpoint-rule-set-1.json"] = _json(rules)
    texts["data/endpoints.json"] = _json(_endpoints(loader.load_data("endpoints"), prefixes))
    texts["amazon_roots.pem"] = _roots()
    return texts


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"


def _model(whole: dict[str, Any], operations: tuple[str, ...]) -> dict[str, Any]:
    """The service's model with these operations and the shapes they use."""
    kept = {name: whole["operations"][name] for name in operations}
    reached: dict[str, Any] = {}
    waiting = list(_shapes(kept))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            document = {"type": "structure", "members": {}, "document": True}
            reached[name] = document if name in DOCUMENTS else whole["shapes"][name]
            waiting += _shapes(reached[name])
    return dict(_undocumented({**whole, "operations": kept, "shapes": dict(sorted(reached.items()))}))


def _shapes(value: Any) -> Iterator[str]:
    """Every shape that is named in a part of a model."""
    if isinstance(value, dict):
        if isinstance(value.get("shape"), str):
            yield value["shape"]
        for each in value.values():
            yield from _shapes(each)
    elif isinstance(value, list):
        for each in value:
            yield from _shapes(each)


def _undocumented(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _undocumented(each)
            for name, each in value.items()
            if name not in UNREAD or not isinstance(each, (str, list))
        }
    return [_undocumented(each) for each in value] if isinstance(value, list) else value


def _endpoints(whole: dict[str, Any], prefixes: set[str]) -> dict[str, Any]:
    """All partitions and regions, with these services alone."""
    return {
        **whole,
        "partitions": [
            {
                **partition,
                "services": {name: each for name, each in partition["services"].items() if name in prefixes},
            }
            for partition in whole["partitions"]
        ],
    }


def _roots() -> str:
    bundle = Path(botocore.__file__).with_name("cacert.pem").read_bytes()
    trusted = [each for each in x509.load_pem_x509_certificates(bundle) if _name(each).startswith(ROOTS)]
    return "".join(
        f"# {_name(each)}\n{each.public_bytes(Encoding.PEM).decode()}" for each in sorted(trusted, key=_name)
    )


def _name(certificate: x509.Certificate) -> str:
    return "".join(str(each.value) for each in certificate.subject.get_attributes_for_oid(COMMON_NAME))


if __name__ == "__main__":
    sys.exit(main())
