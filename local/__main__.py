"""`python -m local`: one world, until Ctrl-C or SIGTERM."""

import gc
import json
import os
import signal
import sys
import threading
from pathlib import Path

from local import settings
from local.aws.config import CannotStart
from local.console import Console
from local.environment import LocalEnvironment


def main() -> int:
    """Exit code 0 after a stop that was asked for, 1 with one sentence if the world could not start."""
    sys.setswitchinterval(0.001)  # many threads, each with little to do: let them take turns quickly
    asked_to_stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: asked_to_stop.set())
    if os.environ.get("HELD"):
        threading.Thread(target=_wait_for_end, args=(asked_to_stop,), daemon=True).start()
    try:
        chosen = settings.from_environment(os.environ)
        settings.prepare(chosen)
        world = LocalEnvironment(chosen, Console(chosen.data / "logs"))
        world.start()
        _settle_memory()
    except CannotStart as error:
        print(f"Tiketz cannot start. {error}", file=sys.stderr)
        return 1
    _announce(chosen.data / settings.READY_FILE, world)
    _welcome(world)
    while not asked_to_stop.wait(0.5):  # Python hears signals between waits at the latest
        pass
    world.console.say("\nStopping.")
    world.stop()
    return 0


def _settle_memory() -> None:
    """Search no more through what moto and botocore keep: each search stopped all threads for 0.4 s."""
    gc.collect()
    gc.freeze()


def _wait_for_end(asked_to_stop: threading.Event) -> None:
    """Whoever holds the other end of standard input wants no world that outlives them."""
    sys.stdin.buffer.read()
    asked_to_stop.set()


def _welcome(world: LocalEnvironment) -> None:
    """Tell people."""
    say = world.console.say
    say(f"\n  Tiketz is ready at {world.url}\n")
    for role, account in world.accounts.items():
        say(f"  {role:<7} {account.email}  {account.password}")
    if world.accounts:
        say("\n  Sign in as the buyer, hold a ticket, pay with 4242 4242 4242 4242, or let the time run out.")
    say(f"  What happens is shown here, and at {world.url}/_local/. Ctrl-C stops, data stays.\n")


def _announce(ready: Path, world: LocalEnvironment) -> None:
    """Tell programs: the file appears whole, and readable to its owner alone."""
    written = ready.with_suffix(".new")
    written.touch(mode=0o600)
    written.write_text(json.dumps(world.describe(), indent=2))
    written.rename(ready)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # moto's waiting executions are threads that would keep the process until their time
