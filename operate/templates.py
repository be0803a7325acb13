"""Templates as CloudFormation gets them: after SAM's transform."""

import json
import logging
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CODE = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}

Resource = dict[str, Any]


def resources(path: Path, parameters: Mapping[str, str] | None = None) -> dict[str, Resource]:
    """A template's resources; SAM uses the default values of missing parameters."""
    from samtranslator.yaml_helper import yaml_parse

    template = dict(yaml_parse(path.read_text()))
    if "AWS::Serverless" not in str(template.get("Transform", "")):
        return dict(template["Resources"])
    for each in template["Resources"].values():
        properties = each.get("Properties", {})
        if each["Type"] in CODE:  # SAM refuses local paths
            properties[CODE[each["Type"]]] = "s3://bucket/key"
        elif each["Type"] == "AWS::Serverless::StateMachine":
            definition = path.parent / properties.pop("DefinitionUri")
            properties["Definition"] = json.loads(definition.read_text())
    return dict(_transform(template, parameters or {})["Resources"])


def _transform(template: dict[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
    from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
    from samtranslator.translator.transform import transform

    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")  # SAM asks for one; no resource depends on it
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dict(transform(template, dict(parameters), ManagedPolicyLoader(None)))
