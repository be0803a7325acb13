"""The runbook's commands, run from top to bottom on a local environment with a paid order."""

import os
import re
import subprocess
from datetime import UTC, datetime

from local.process import EnvironmentProcess
from tests.docs.test_commands import commands
from tests.support.templates import ROOT
from tests.support.users import User

OUTPUT = {
    "errors": "No errors in orders in the last hour.",
    "redrive": "Moved 0 messages back to the inbox of orders.",
    "republish": r"Republished the latest event of \d+ rows of orders.",
    "replay": r"Started replay tiketz-\S+",
    "refund": r"Created refund re_\w+; the order becomes refunded when Stripe's webhook arrives.",
    "restore": r"\S+ is being created from the table of payments .*|Copied [01] rows back to payments.",
    "secrets": r"Created: origin-secret.*|Replaced (stripe/\w+-key|auth/(refresh|link)-keys?); .*",
    "addresses": r"Every account has a mailbox of its own\.",
    "mail": r"No mail leaves the local environment: they are at /_local/mail\.",
    "rotate-keys": r"\S+ is published. Run this again .*|\S+ is the only signing key. .*",
}


def run(environment: EnvironmentProcess, command: list[str]) -> str:
    """The output of a command; its error where it fails."""
    process = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ
        | {"DATA": str(environment.data), "STRIPE_SECRET_KEY": environment.info["keys"]["stripe_secret"]}
        | {"STRIPE_PUBLISHABLE_KEY": environment.info["keys"]["stripe_publishable"]},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return process.stdout.strip() if process.returncode == 0 else process.stderr.strip()


def test_every_command_of_the_runbook_works_on_a_local_environment(
    local_env: EnvironmentProcess, seller: User, buyer: User
) -> None:
    order = buyer.place_order(seller.list_ticket())
    buyer.pay(order)
    buyer.wait_for(f"/api/payments/{order['id']}", status="captured")
    restored = "none"
    for line in commands(ROOT / "docs/runbook.md"):
        here = re.sub(r"STAGE=\w+", "STAGE=local", line)
        here = re.sub(r"(ORDER|KEY)=\S+", rf"\1={order['id']}", here)
        here = re.sub(r"TABLE=\S+", f"TABLE={restored}", here)
        here = re.sub(r"AT=\S+", f"AT={datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", here)
        output = run(local_env, ["make", "--silent", *here.split()[1:]])
        target = here.split()[1]
        if target == "restore" and local_env.info["dynamodb"]:
            assert "AWS call failed: " in output  # DynamoDB Local keeps no history
            continue
        assert re.fullmatch(OUTPUT[target], output, re.DOTALL), f"{here}:\n{output}"
        if " is being created" in output:
            restored = output.split()[0]
    buyer.wait_for(f"/api/orders/{order['id']}", status="refunded")
    seller.wait_for(f"/api/tickets/{order['ticket']['id']}", status="available")
