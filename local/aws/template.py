"""A SAM template as moto can deploy it: translated, and parted from what the world plays itself."""

import json
import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.aws.config import ACCOUNT, REGION, CannotStart

# Deployed by moto, as they stand.
DEPLOYED = {
    "AWS::DynamoDB::Table",
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::SQS::Queue",
    "AWS::StepFunctions::StateMachine",
}
# Not by moto: played by this world (mappings, layers, routes), or of no meaning on one machine: alarms,
# what shifts traffic from one version of a function to the next, and what X-Ray may be told.
PLAYED = {
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
    """A service's template after SAM's transform, and what of the source the transform loses."""

    path: Path
    service: str
    resources: Mapping[str, Resource]  # everything, translated
    stack: dict[str, Any]  # what moto is asked to create
    code: Mapping[str, Path]  # function's logical id -> its CodeUri
    layers: Mapping[str, Path]  # layer's logical id -> its ContentUri
    machines: Mapping[str, Path]  # state machine's logical id -> its DefinitionUri

    def of(self, kind: str) -> dict[str, Resource]:
        """The resources of one type."""
        return {name: each for name, each in self.resources.items() if each["Type"] == kind}


def read(path: Path) -> dict[str, Any]:
    """A template file with its short-form intrinsics spelled out."""
    import yaml  # type: ignore[import-untyped]
    from samtranslator.yaml_helper import intrinsics_multi_constructor

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """SAM's own, but in C where this machine has it: ten times as fast."""

    Loader.add_multi_constructor("!", intrinsics_multi_constructor)
    return dict(yaml.load(path.read_text(), Loader))


def translate(path: Path, parameters: Mapping[str, str]) -> Translated:
    """Transform a service's template in memory; the file stays as it is.

    Raises CannotStart for a resource that nothing here plays, and for a parameter without a value.
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
        if each["Type"] not in DEPLOYED | PLAYED:
            raise CannotStart(f"{path}: the local world cannot play {name}, an {each['Type']}.")
    return Translated(
        path=path,
        service=service,
        resources=resources,
        stack=_for_moto(translated, service),
        code=sources["Function"],
        layers={_layer_id(resources, name): where for name, where in sources["LayerVersion"].items()},
        machines=sources["StateMachine"],
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
    """Where each resource of a kind keeps its files; in the template they become something SAM accepts."""
    shared = template.get("Globals", {}).get(kind.rsplit("::")[-1], {}).pop(key, None)
    found: dict[str, Path] = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] != kind:
            continue
        properties = resource["Properties"]
        where = folder / properties.pop(key, shared)
        found[name] = where.resolve()
        if key == "DefinitionUri":
            properties["Definition"] = json.loads(where.read_text())
        else:
            properties[key] = "s3://local/world.zip"
    return found


def _transform(template: dict[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
    from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
    from samtranslator.translator.transform import transform

    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it tells of its own workings
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


def _for_moto(translated: dict[str, Any], service: str) -> dict[str, Any]:
    """What moto can create, with outputs that make it resolve what the world needs to know."""
    kept: dict[str, Resource] = {}
    for name, resource in translated["Resources"].items():
        if resource["Type"] not in DEPLOYED:
            continue
        copy = json.loads(json.dumps(resource))
        properties = copy.setdefault("Properties", {})
        if copy["Type"] == "AWS::Lambda::Function":
            properties.pop("Layers", None)
        if copy["Type"] == "AWS::DynamoDB::Table":
            properties.setdefault("TableName", f"tiketz-{service}-{name}")  # a table outlives the world
        if "ScheduleExpression" in properties:
            continue
        copy.pop("DependsOn", None)
        kept[name] = copy
    dropped = set(translated["Resources"]) - set(kept)
    outputs = {
        name: {"Value": output["Value"]}
        for name, output in translated.get("Outputs", {}).items()
        if not _names(output["Value"]) & dropped
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": translated.get("Parameters", {}),
        "Conditions": translated.get("Conditions", {}),
        "Mappings": translated.get("Mappings", {}),
        "Resources": kept,
        "Outputs": outputs | _questions(translated["Resources"]),
    }


def _questions(resources: Mapping[str, Resource]) -> dict[str, Any]:
    """Outputs whose values answer what moto would otherwise keep to itself."""
    asked: dict[str, Any] = {}
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::Lambda::EventSourceMapping":
                asked[f"{name}Source"] = properties["EventSourceArn"]
                asked[f"{name}Function"] = properties["FunctionName"]
                failure = properties.get("DestinationConfig", {}).get("OnFailure", {})
                if failure:
                    asked[f"{name}OnFailure"] = failure["Destination"]
            case "AWS::Events::Rule" if "ScheduleExpression" in properties:
                asked[f"{name}Function"] = properties["Targets"][0]["Arn"]
            case "AWS::StepFunctions::StateMachine":
                asked[f"{name}Role"] = properties["RoleArn"]
                asked[f"{name}Machine"] = {"Ref": name}
                for key, value in properties.get("DefinitionSubstitutions", {}).items():
                    asked[f"{name}Given{key}"] = value
    return {f"World{name}": {"Value": value} for name, value in asked.items()}


def _names(value: Any) -> set[str]:
    """Every logical id that a piece of template mentions."""
    if isinstance(value, dict):
        own: set[str] = set()
        if "Ref" in value:
            own.add(str(value["Ref"]))
        if "Fn::GetAtt" in value:
            target = value["Fn::GetAtt"]
            own.add(str(target[0] if isinstance(target, list) else target.split(".")[0]))
        if "Fn::Sub" in value:
            text = value["Fn::Sub"] if isinstance(value["Fn::Sub"], str) else value["Fn::Sub"][0]
            own |= {part.split("}")[0].split(".")[0] for part in text.split("${")[1:]}
        return own.union(*(_names(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(_names(each) for each in value)) if value else set()
    return set()


def arn(service: str, resource: str) -> str:
    """An ARN in the world's one account and region."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"
