"""The runbook, walked through from top to bottom in a world of its own, with a paid order in it."""

import os
import re
import subprocess
from datetime import UTC, datetime

from local.process import EnvironmentProcess, running_environment
from tests.docs.test_commands import commands
from tests.support.templates import ROOT
from tests.support.users import User

SAID = {
    "errors": "Nothing went wrong in orders in the last hour.",
    "redrive": "0 messages went back into the inbox of orders.",
    "republish": r"\d+ rows of orders tell their last change again.",
    "replay": r"Replay tiketz-\S+ has begun.",
    "refund": r"Refund re_\w+ is under way; the order is refunded when Stripe tells us.",
    "restore": r"\S+ is being made, as payments's table is now.*|[01] rows of payments were put back.",
    "secrets": r"Made: origin-secret.*|(stripe/(secret|publishable)-key|auth/refresh-key) is replaced; .*",
    "rotate-keys": r"\S+ is published. The next step is due .*|Only \S+ is left, and signs. .*",
}


def run(world: EnvironmentProcess, command: list[str]) -> str:
    """What the command prints, which must be all that it says."""
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ
        | {"DATA": str(world.data), "STRIPE_SECRET_KEY": world.info["keys"]["stripe_secret"]}
        | {"STRIPE_PUBLISHABLE_KEY": world.info["keys"]["stripe_publishable"]},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return ran.stdout.strip() if ran.returncode == 0 else ran.stderr.strip()


def test_every_command_of_the_runbook_does_in_the_local_world_what_it_says() -> None:
    with running_environment() as world:
        seller, buyer = User(world.url, signed_up=True), User(world.url, signed_up=True)
        order = buyer.place_order(seller.list_ticket())
        buyer.pay(order)
        buyer.wait_for(f"/api/payments/{order['id']}", status="captured")
        restored = "not made"
        for line in commands(ROOT / "docs/runbook.md"):
            here = re.sub(r"STAGE=\w+", "STAGE=local", line)
            here = re.sub(r"(ORDER|KEY)=\S+", rf"\1={order['id']}", here)
            here = re.sub(r"TABLE=\S+", f"TABLE={restored}", here)
            here = re.sub(r"AT=\S+", f"AT={datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", here)
            said = run(world, ["make", "--silent", *here.split()[1:]])
            target = here.split()[1]
            if target == "restore" and world.info["dynamodb"]:
                assert "AWS did not do it." in said  # DynamoDB Local keeps no history
                continue
            assert re.fullmatch(SAID[target], said, re.DOTALL), f"{here}:\n{said}"
            if " is being made" in said:
                restored = said.split()[0]
        buyer.wait_for(f"/api/orders/{order['id']}", status="refunded")
        seller.wait_for(f"/api/tickets/{order['ticket']['id']}", status="available")
