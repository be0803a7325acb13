"""Which origin secrets services accept and CloudFront sends, deployment by deployment.

Nobody who comes through CloudFront is refused meanwhile, nor where a deployment is rolled back: services
accept a secret before CloudFront sends it, and as long as it does. What it sends is read from CloudFront.
"""

from collections.abc import Mapping
from typing import Any

from operate import secrets
from operate.stages import NotDeployed, Stage

KIND = "origin-secret"
HEADER = "x-origin-secret"

Parameters = Mapping[str, str]


def deployments(stage: Stage) -> list[Parameters]:
    """The parameters of each deployment that is needed, in order."""
    current = str(secrets.read(stage, KIND))
    try:
        in_use = sent_by_cloudfront(stage)
    except NotDeployed:  # there is no CloudFront that could send anything else
        in_use = current
    if in_use == current:
        return [_parameters(current)]
    if in_use is None:
        return [_parameters(current, required=False), _parameters(current)]
    return [_parameters(in_use, previous=current), _parameters(current, previous=in_use)]


def sent_by_cloudfront(stage: Stage) -> str | None:
    """The secret that CloudFront sends to the APIs; None where it sends none. Raises NotDeployed."""
    distribution = stage.outputs("hosting")["DistributionId"]
    config = stage.client("cloudfront").get_distribution_config(Id=distribution)["DistributionConfig"]
    in_use = {value for each in config["Origins"]["Items"] for value in _secrets_of(each)}
    return str(in_use.pop()) if in_use else None


def _secrets_of(origin: Mapping[str, Any]) -> list[str]:
    headers = origin.get("CustomHeaders", {}).get("Items", [])
    return [each["HeaderValue"] for each in headers if each["HeaderName"].lower() == HEADER]


def _parameters(in_use: str, previous: str = "", *, required: bool = True) -> Parameters:
    return {
        "OriginSecret": in_use,
        "PreviousOriginSecret": previous,
        "OriginSecretRequired": "true" if required else "false",
    }
