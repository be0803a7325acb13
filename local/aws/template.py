"""A SAM template, translated to what moto can deploy."""

import json
import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.aws.config import REGION, CannotStart

LOOKUP = "Lookup"
"""Begins the names of the outputs that are added to read what moto resolves."""

DEPLOYED_BY_MOTO = {
    "AWS::DynamoDB::Table",
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::SQS::Queue",
    "AWS::StepFunctions::StateMachine",
}
# Read from the template by the rest of local.aws (mappings, layers, routes), or without effect on one
# machine (alarms, the shift of traffic between versions of a function, X-Ray's permissions).
NOT_DEPLOYED = {
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudFormation::Stack",
    "AWS::CloudWatch::Alarm",
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::IAM::ManagedPolicy",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::SQS::QueuePolicy",
}

LOCAL_FILES = (("Function", "CodeUri"), ("LayerVersion", "ContentUri"), ("StateMachine", "DefinitionUri"))

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Translated:
    """A template after SAM's transform, and what the transform drops of its source."""

    path: Path
    service: str  # the template's folder
    resources: Mapping[str, Resource]  # everything, translated
    stack: dict[str, Any]  # what moto is asked to create
    code: Mapping[str, Path]  # function's logical id → its CodeUri
    layers: Mapping[str, Path]  # layer's logical id → its ContentUri
    state_machines: Mapping[str, Path]  # state machine's logical id → its DefinitionUri

    def of(self, kind: str) -> dict[str, Resource]:
        """The resources of one type."""
        return {name: each for name, each in self.resources.items() if each["Type"] == kind}


def read(path: Path) -> dict[str, Any]:
    """A template file, with short-form intrinsics such as `!Ref` in their long form."""
    import yaml  # type: ignore[import-untyped]
    from samtranslator.yaml_helper import intrinsics_multi_constructor

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """libyaml's loader where it is installed: ten times as fast."""

    Loader.add_multi_constructor("!", intrinsics_multi_constructor)
    return dict(yaml.load(path.read_text(), Loader))


def translate(path: Path, parameters: Mapping[str, str], *, prefix: str = "local") -> Translated:
    """Transform a template in memory. `prefix` begins the names of tables.

    Raises CannotStart for a resource of a type that isn't supported, and for a parameter without a value.
    """
    template = read(path)
    service = path.parent.name
    missing = [
        name
        for name, each in template.get("Parameters", {}).items()
        if name not in parameters and "Default" not in each
    ]
    if missing:
        raise CannotStart(f"{path}: no value for the parameter {missing[0]}.")
    sources = {
        kind: _local_paths(template, path.parent, f"AWS::Serverless::{kind}", key)
        for kind, key in LOCAL_FILES
    }
    translated = _transform(template, parameters)
    resources: dict[str, Resource] = translated["Resources"]
    for name, each in resources.items():
        if each["Type"] not in DEPLOYED_BY_MOTO | NOT_DEPLOYED:
            raise CannotStart(f"{path}: {name} is an {each['Type']}, which isn't supported locally.")
    return Translated(
        path=path,
        service=service,
        resources=resources,
        stack=_for_moto(translated, f"{prefix}-{service}"),
        code=sources["Function"],
        layers={_layer_id(resources, name): where for name, where in sources["LayerVersion"].items()},
        state_machines=sources["StateMachine"],
    )


def resources(path: Path) -> dict[str, Resource]:
    """A template's resources after SAM's transform, or as they are where it needs none."""
    parsed = read(path)
    if "AWS::Serverless" not in str(parsed.get("Transform", "")):
        return dict(parsed["Resources"])
    for kind, key in LOCAL_FILES:
        _local_paths(parsed, path.parent, f"AWS::Serverless::{kind}", key)
    return dict(_transform(parsed, {})["Resources"])


def _local_paths(template: dict[str, Any], folder: Path, kind: str, key: str) -> dict[str, Path]:
    """Each resource's path of local files; in the template an address takes its place that SAM accepts."""
    shared = template.get("Globals", {}).get(kind.rsplit("::")[-1], {}).pop(key, None)
    paths: dict[str, Path] = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] != kind:
            continue
        properties = resource["Properties"]
        path = folder / properties.pop(key, shared)
        paths[name] = path.resolve()
        if key == "DefinitionUri":
            properties["Definition"] = json.loads(path.read_text())
        else:
            properties[key] = "s3://local/code.zip"
    return paths


def _transform(template: dict[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
    from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
    from samtranslator.translator.transform import transform

    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it logs each step
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dict(transform(template, dict(parameters), ManagedPolicyLoader(None)))


def _layer_id(resources: Mapping[str, Resource], name: str) -> str:
    """SAM adds a hash to a layer's logical id."""
    return next(
        each
        for each, resource in resources.items()
        if resource["Type"] == "AWS::Lambda::LayerVersion" and each.startswith(name)
    )


def _for_moto(translated: dict[str, Any], prefix: str) -> dict[str, Any]:
    """The part that moto deploys, with outputs for the values that it resolves."""
    translated = _without_aliases(translated, translated["Resources"])
    deployed: dict[str, Resource] = {}
    for name, resource in translated["Resources"].items():
        if resource["Type"] not in DEPLOYED_BY_MOTO:
            continue
        properties = resource.setdefault("Properties", {})
        if resource["Type"] == "AWS::Lambda::Function":
            properties.pop("Layers", None)
        if resource["Type"] == "AWS::DynamoDB::Table":
            properties.setdefault("TableName", f"{prefix}-{name}")  # the same after a restart
        if "ScheduleExpression" in properties:
            continue
        resource.pop("DependsOn", None)
        deployed[name] = resource
    dropped = set(translated["Resources"]) - set(deployed)
    outputs = {
        name: {"Value": output["Value"]}
        for name, output in translated.get("Outputs", {}).items()
        if not _references(output["Value"]) & dropped
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": translated.get("Parameters", {}),
        "Conditions": translated.get("Conditions", {}),
        "Mappings": translated.get("Mappings", {}),
        "Resources": deployed,
        "Outputs": outputs | _lookups(translated["Resources"]),
    }


def _without_aliases(value: Any, resources: Mapping[str, Resource]) -> Any:
    """A copy that refers to functions where the template refers to their aliases."""
    if isinstance(value, list):
        return [_without_aliases(each, resources) for each in value]
    if not isinstance(value, dict):
        return value
    target = resources.get(str(value.get("Ref")), {})
    if target.get("Type") == "AWS::Lambda::Alias":
        return {"Fn::GetAtt": [target["Properties"]["FunctionName"]["Ref"], "Arn"]}
    return {name: _without_aliases(each, resources) for name, each in value.items()}


def _lookups(resources: Mapping[str, Resource]) -> dict[str, Any]:
    """Outputs that resolve what the template says of event sources, schedules and state machines."""
    values: dict[str, Any] = {}
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::Lambda::EventSourceMapping":
                values[f"{name}Source"] = properties["EventSourceArn"]
                values[f"{name}Function"] = properties["FunctionName"]
                failure = properties.get("DestinationConfig", {}).get("OnFailure", {})
                if failure:
                    values[f"{name}OnFailure"] = failure["Destination"]
            case "AWS::Events::Rule" if "ScheduleExpression" in properties:
                values[f"{name}Function"] = properties["Targets"][0]["Arn"]
            case "AWS::StepFunctions::StateMachine":
                values[f"{name}Role"] = properties["RoleArn"]
                values[f"{name}Machine"] = {"Ref": name}
                for key, value in properties.get("DefinitionSubstitutions", {}).items():
                    values[f"{name}Substitution{key}"] = value
    return {f"{LOOKUP}{name}": {"Value": value} for name, value in values.items()}


def _references(value: Any) -> set[str]:
    """Every logical id that a piece of a template refers to."""
    if isinstance(value, list):
        return set().union(*map(_references, value))
    if not isinstance(value, dict):
        return set()
    ids: set[str] = set()
    if "Ref" in value:
        ids.add(str(value["Ref"]))
    if "Fn::GetAtt" in value:
        target = value["Fn::GetAtt"]
        ids.add(str(target[0] if isinstance(target, list) else target.split(".")[0]))
    if "Fn::Sub" in value:
        text = value["Fn::Sub"] if isinstance(value["Fn::Sub"], str) else value["Fn::Sub"][0]
        ids |= {part.split("}")[0].split(".")[0] for part in text.split("${")[1:]}
    return ids.union(*map(_references, value.values()))
