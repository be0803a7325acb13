"""Runs one handler in a new process, as Lambda does, and records what each phase took.

    probe.py SPECIFICATION.json RESULT.json

It imports only what every handler imports: anything else would count as the handler's.
"""

import json
import os
import sys
import time
from importlib import import_module
from importlib.util import find_spec

WARM_UP = 3  # requests between the first and the warm ones: caches fill, the interpreter specialises
CONNECT_SECONDS = 60.0
WARM = 5  # requests that `warm` is the mean of


class Context:
    """The Lambda context, as far as handlers read it."""

    function_name = function_version = memory_limit_in_mb = "bench"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:bench"
    aws_request_id = "00000000-0000-4000-8000-000000000000"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 60_000


def checkpoint() -> int:
    """The instructions executed so far; under valgrind the pid whose file has them; else 0.

    A child of a process under valgrind inherits the counts. One that exits at once writes them to its own
    file, so a single run gives every phase. Without a counter there is no child: a process that has had one
    is slower for a while, since it copies every page that it then writes to.
    """
    counter = os.environ.get("BENCH_COUNTER")
    if counter is None:
        return 0
    if counter != "fork":
        return int.from_bytes(os.read(int(counter), 8), "little")
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
    return pid


def main(specification: str, result: str) -> None:
    with open(specification) as file:  # noqa: PTH123  # pathlib would be counted
        specified = json.load(file)
    module, _, name = specified["handler"].rpartition(".")
    marks, seconds, responses = [], [], []

    def mark() -> None:
        seconds.append(time.process_time())
        marks.append(checkpoint())

    if find_spec(
        "tiketz_common"
    ):  # a function waits for its first connection; under valgrind all takes longer
        import_module("tiketz_common.aws").CONNECT_SECONDS = CONNECT_SECONDS  # type: ignore[attr-defined]
    handler = getattr(import_module(module), name)
    mark()
    events = iter(specified["events"])
    for count in (1, WARM_UP, WARM):
        for _ in range(count):
            responses.append(handler(next(events), Context()))
        mark()
    with open("/proc/self/status") as file:  # noqa: PTH123
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    with open(result, "w") as file:  # noqa: PTH123
        json.dump({"marks": marks, "seconds": seconds, "responses": responses, "peak_kb": peak}, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
