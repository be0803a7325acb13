"""`python -m local`: one world, until Ctrl-C or SIGTERM."""

import json
import os
import signal
import sys
import threading
from pathlib import Path

from local import settings
from local.console import Console
from local.settings import CannotStart
from local.world import World


def main() -> int:
    """Exit code 0 after a stop that was asked for, 1 with one sentence if the world could not start."""
    sys.setswitchinterval(0.001)  # many threads, each with little to do: let them take turns quickly
    asked_to_stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: asked_to_stop.set())
    try:
        chosen = settings.from_environment(os.environ)
        settings.prepare(chosen)
        world = World(chosen, Console(chosen.data / "logs"))
        world.start()
    except CannotStart as error:
        print(f"Tiketz cannot start. {error}", file=sys.stderr)
        return 1
    _announce(chosen.data / settings.READY, world)
    while not asked_to_stop.wait(0.5):  # Python hears signals between waits at the latest
        pass
    world.console.say("\nStopping.")
    world.stop()
    return 0


def _announce(ready: Path, world: World) -> None:
    """Tell programs: the file appears whole, and readable to its owner alone."""
    written = ready.with_suffix(".new")
    written.touch(mode=0o600)
    written.write_text(json.dumps(world.about(), indent=2))
    written.rename(ready)


if __name__ == "__main__":
    sys.exit(main())
