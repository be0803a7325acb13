"""Try a throw-away stage on AWS, and print what differs from docs/aws.md.

It is deployed, a ticket is bought, a version rolled back, a message redriven, a row restored, and all is
deleted at the end, whatever happened. Give Stripe's test keys (STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY).
With --stage local a running local environment is tried; what AWS alone has is listed as not played.
"""

import argparse

from operate import stages
from operate.aws_check import deployments, edge, observations, purchase, recovery
from operate.aws_check.run import Run, Step
from operate.command import CommandError

STEPS = (
    Step(
        "deploy",
        deployments.first,
        ("first-deployment", "queue-policies", "throttles", "secrets-key"),
        aws_only="CloudFormation",
    ),
    Step("site", purchase.open_site, ("edge",)),
    Step("past the site", edge.request_directly, ("origin-secret",), aws_only="API Gateway"),
    Step("edge cache", edge.browse, ("edge-cache",), aws_only="CloudFront"),
    Step("purchase", purchase.buy, ("authorizer", "purchase")),
    Step("expiry", purchase.expire, ("timers",)),
    Step(
        "observe",
        observations.observe,
        ("access-logs", "metrics", "quiet-alarms"),
        aws_only="CloudWatch",
    ),
    Step(
        "change a line",
        deployments.change_a_line,
        ("shifting", "versions"),
        aws_only="CodeDeploy",
    ),
    Step(
        "roll back",
        deployments.roll_back,
        ("rollback", "same-commit-again"),
        aws_only="CodeDeploy",
    ),
    Step("new secret", edge.replace_secret, ("origin-secret-replaced",), aws_only="CloudFront"),
    Step("redrive", recovery.redrive, ("redrive",)),
    Step("restore a row", recovery.restore, ("restore",)),
    Step("delete", deployments.delete, ("deletion",), aws_only="CloudFormation"),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    throw_away = [name for name in stages.deploy_settings() if stages.load(name).is_throw_away]
    parser.add_argument(
        "--stage", required=True, choices=[*throw_away, stages.LOCAL], help="a throw-away stage, or local"
    )


def run(options: argparse.Namespace) -> None:
    """Raises CommandError where something differs."""
    checked = Run(stages.load(options.stage), print)
    *before, last = STEPS
    try:
        for step in before:
            if not checked.play(step) and step.name == "deploy":
                break
    finally:
        checked.play(last)
    print(checked.summary)
    if checked.differences:
        raise CommandError(f"{len(checked.differences)} of docs/aws.md's assumptions differ; see above.")
