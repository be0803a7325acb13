"""A new origin secret refuses nobody: at no moment does CloudFront send what a service refuses."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from tiketz_common.errors import Forbidden
from tiketz_common.origin import Origin

from operate import origin_secret, secrets
from operate.origin_secret import Parameters
from operate.stages import Stage


def put_distribution(stage: Stage, secret: str | None) -> str:
    """A distribution whose APIs get this secret; its id."""
    headers = [{"HeaderName": "X-Origin-Secret", "HeaderValue": secret}] if secret else []
    origins = [
        {"Id": "web", "DomainName": "web.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}},
        {
            "Id": "auth",
            "DomainName": "auth.execute-api.eu-west-1.amazonaws.com",
            "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
            "CustomHeaders": {"Quantity": len(headers), "Items": headers},
        },
    ]
    config = {
        "CallerReference": str(secret),
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": len(origins), "Items": origins},
        "DefaultCacheBehavior": {"TargetOriginId": "web", "ViewerProtocolPolicy": "redirect-to-https"},
    }
    created = stage.client("cloudfront").create_distribution(DistributionConfig=config)
    return str(created["Distribution"]["Id"])


@pytest.fixture
def hosted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage whose distribution sends `older`."""
    outputs = {"DistributionId": put_distribution(stage, "older")}
    monkeypatch.setattr(Stage, "outputs", lambda _, service=None: outputs if service == "hosting" else {})
    return stage


def accepts(deployed: Parameters, in_use: str | None) -> bool:
    """Whether a service that is deployed so serves a request that CloudFront sends so."""
    origin = Origin(
        deployed["OriginSecret"], deployed["PreviousOriginSecret"], deployed["OriginSecretRequired"]
    )
    try:
        origin.check({"x-origin-secret": in_use} if in_use else {})
    except Forbidden:
        return False
    return True


def states(
    in_use: str | None, before: Parameters, deployments: list[Parameters]
) -> list[tuple[Parameters, str | None]]:
    """What services accept and CloudFront sends meanwhile: the services change first, and go back first."""
    cloudfront = [in_use, *(each["OriginSecret"] for each in deployments)]
    steps = list(pairwise([before, *deployments]))
    forth = [(after, cloudfront[number]) for number, (_, after) in enumerate(steps)]
    back = [(earlier, cloudfront[number + 1]) for number, (earlier, _) in enumerate(steps)]
    done = [(after, cloudfront[number + 1]) for number, (_, after) in enumerate(steps)]
    return [*forth, *back, *done]


def settings(secret: str, previous: str = "", required: str = "true") -> Mapping[str, str]:
    return {"OriginSecret": secret, "PreviousOriginSecret": previous, "OriginSecretRequired": required}


def test_a_first_deployment_requires_the_secret_at_once(stage: Stage) -> None:
    current = str(secrets.read(stage, "origin-secret"))
    assert origin_secret.deployments(stage) == [settings(current)]


def test_an_unchanged_secret_is_one_deployment(hosted: Stage) -> None:
    secrets.write(hosted, "origin-secret", "older")
    assert origin_secret.deployments(hosted) == [settings("older")]


def test_a_replaced_secret_refuses_nobody(hosted: Stage) -> None:
    secrets.write(hosted, "origin-secret", "newer")
    deployments = origin_secret.deployments(hosted)
    assert deployments == [settings("older", "newer"), settings("newer", "older")]
    assert all(accepts(*state) for state in states("older", settings("older"), deployments))
    assert not accepts(deployments[-1], None)


def test_one_deployment_would_refuse_somebody(hosted: Stage) -> None:
    assert not all(
        accepts(*state) for state in states("older", settings("older"), [settings("newer", "older")])
    )


def test_a_secret_is_required_only_once_cloudfront_sends_it(
    hosted: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets.write(hosted, "origin-secret", "newer")
    monkeypatch.setattr(origin_secret, "sent_by_cloudfront", lambda _: None)
    deployments = origin_secret.deployments(hosted)
    assert deployments == [settings("newer", required="false"), settings("newer")]
    assert all(accepts(*state) for state in states(None, settings("", required="false"), deployments))


@pytest.mark.parametrize("secret", ["older", None])
def test_what_cloudfront_sends_is_read_from_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, secret: str | None
) -> None:
    outputs = {"DistributionId": put_distribution(stage, secret)}
    monkeypatch.setattr(Stage, "outputs", lambda *_: outputs)
    assert origin_secret.sent_by_cloudfront(stage) == secret
