"""A deployment that can't succeed is refused before anything is built."""

import json
from contextlib import nullcontext
from dataclasses import replace

import pytest

from operate import __main__, preconditions, secrets, secrets_key
from operate.command import CommandError, UsageError
from operate.stages import Stage


@pytest.fixture
def prod(stage: Stage) -> Stage:
    """A prod stage with its secrets and their key, not yet deployed."""
    prod = replace(stage, parameters={**stage.parameters, "Stage": "prod"})
    secrets_key.create(prod)
    return prod


def with_parameters(stage: Stage, **parameters: str) -> Stage:
    return replace(stage, parameters={**stage.parameters, **parameters})


def test_missing_secrets_are_an_error(stage: Stage) -> None:
    preconditions.check(stage)
    secrets.delete(stage, "auth/refresh-key")
    with pytest.raises(CommandError, match=r"missing \(auth/refresh-key\)"):
        preconditions.check(stage)


def test_prod_needs_an_address_for_its_alarms(prod: Stage) -> None:
    preconditions.check(prod, "ops@example.com")
    preconditions.check(with_parameters(prod, AlarmEmail="ops@example.com"))
    with pytest.raises(UsageError, match=r"address for its alarms: ALARM_EMAIL=you@example.com"):
        preconditions.check(prod)


@pytest.mark.parametrize("address", ["ops@example.com", ""])
def test_an_address_of_an_earlier_deployment_is_kept(prod: Stage, address: str) -> None:
    template = {
        "Parameters": {"AlarmEmail": {"Type": "String"}},
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    }
    prod.client("cloudformation").create_stack(
        StackName=prod.stack,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": "AlarmEmail", "ParameterValue": address}],
    )
    with nullcontext() if address else pytest.raises(UsageError):
        preconditions.check(prod)


def test_prod_without_an_address_is_a_wrong_argument(aws: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["deploy", "--stage", "prod"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_budget_needs_an_address_for_its_alarm(stage: Stage) -> None:
    budget = with_parameters(stage, MonthlyBudget="50")
    preconditions.check(budget, "ops@example.com")
    preconditions.check(with_parameters(stage, MonthlyBudget="0"))
    with pytest.raises(UsageError, match="budget's alarm"):
        preconditions.check(budget)


@pytest.mark.parametrize(
    "given", [{"DomainName": "tickets.example.com"}, {"CertificateArn": "arn:aws:acm:1"}]
)
def test_a_domain_and_its_certificate_need_each_other(stage: Stage, given: dict[str, str]) -> None:
    preconditions.check(
        with_parameters(stage, DomainName="tickets.example.com", CertificateArn="arn:aws:acm:1")
    )
    with pytest.raises(UsageError, match="need each other"):
        preconditions.check(with_parameters(stage, **given))
