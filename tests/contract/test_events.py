"""Every producer's events are what every consumer understands, and the templates' rules carry them there."""

import json
import re
from importlib import import_module
from typing import Any

import jsonschema
import pytest
from tiketz_common.inbox import Inbox

from tests.factories import EVENT_DATA
from tests.support.templates import ROOT, service_template
from tools import openapi

SCHEMAS = openapi.event_schemas()
CONSUMERS = {
    service: ROOT / f"functions/{service}/{service}/consumer.py"
    for service in openapi.EVENTS
    if (ROOT / f"functions/{service}/{service}/consumer.py").exists()
}


def carried(service: str) -> set[tuple[str, str]]:
    """The (source, detail-type) pairs that a service's rules put into its inbox."""
    return {
        (source, kind)
        for resource in service_template(service)["Resources"].values()
        if resource["Type"] == "AWS::Events::Rule"
        for source in resource["Properties"]["EventPattern"]["source"]
        for kind in resource["Properties"]["EventPattern"]["detail-type"]
    }


def inbox(service: str) -> Inbox:
    openapi.apis()
    consumer_inbox: Inbox = import_module(f"{service}.consumer").inbox
    return consumer_inbox


def test_every_event_has_a_sample() -> None:
    assert set(EVENT_DATA) == set(SCHEMAS)


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_a_schema_names_its_dialect_and_itself(kind: str) -> None:
    schema = json.loads((ROOT / f"docs/events/{kind}.json").read_text())
    assert schema["$id"].endswith(f"/{kind}.json")
    assert jsonschema.validators.validator_for(schema, default=None) is jsonschema.Draft202012Validator
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_a_sample_fits_its_producers_schema(kind: str) -> None:
    data = EVENT_DATA[kind]()
    jsonschema.validate(data, SCHEMAS[kind])
    assert set(data) == set(SCHEMAS[kind]["properties"])


@pytest.mark.parametrize("service", sorted(CONSUMERS))
def test_a_service_consumes_exactly_what_its_rules_deliver(service: str) -> None:
    assert {kind for _, kind in carried(service)} == inbox(service).types


@pytest.mark.parametrize("service", sorted(CONSUMERS))
def test_every_consumed_event_is_published(service: str) -> None:
    published = {(schema["source"], kind) for kind, schema in SCHEMAS.items()}
    assert carried(service) <= published


@pytest.mark.parametrize("service", sorted(CONSUMERS))
def test_every_sample_is_accepted_by_its_consumers(service: str) -> None:
    for kind in inbox(service).types:
        model, _ = inbox(service)._routes[kind]
        model.model_validate(EVENT_DATA[kind]())
        model.model_validate({**EVENT_DATA[kind](), "aFieldOfNextYear": 1})


def test_the_state_machine_publishes_what_the_schema_has() -> None:
    machine = json.loads((ROOT / "statemachines/order_expiration.asl.json").read_text())
    [entry] = machine["States"]["SayElapsed"]["Parameters"]["Entries"]
    assert (entry["Source"], entry["DetailType"]) == (SCHEMAS["HoldElapsed"]["source"], "HoldElapsed")
    assert _names(entry["Detail"]) == {"eventId", "schemaVersion", "occurredAt", "correlationId", "data"}
    assert _names(entry["Detail"]["data"]) == set(SCHEMAS["HoldElapsed"]["properties"])


def test_no_event_has_room_for_a_secret_or_an_email() -> None:
    for kind, schema in SCHEMAS.items():
        names = " ".join(_properties(schema)).lower()
        assert not re.search("secret|email|password|token|card", names), kind


def _names(template: dict[str, Any]) -> set[str]:
    """The names an ASL payload template gives: `x.$` is x."""
    return {name.removesuffix(".$") for name in template}


def _properties(schema: dict[str, Any]) -> list[str]:
    nested = schema.get("$defs", {}).values()
    return [*schema.get("properties", {}), *(name for each in nested for name in each.get("properties", {}))]
