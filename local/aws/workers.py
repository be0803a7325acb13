"""Worker processes: each function's own, started when needed, as Lambda would."""

import json
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from local.aws.runtime import Invocation, InvocationResult, RuntimeApi
from local.aws.stack import Function

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
PATIENCE = 0.25  # seconds that an invocation waits before another worker is started for it
INIT_SECONDS = 30  # Lambda allows ten; a busy laptop starts six workers at once
IDLE_SECONDS = 120  # after which all but one worker are let go
LOOK_SECONDS = 1.0  # how often, at most, the code is checked for edits

Log = Callable[[str, str], None]  # the function's name, a line it wrote


class Pool:
    """All workers of one function. Invocations wait in line; any free worker takes the first."""

    def __init__(
        self, function: Function, python: Path, environment: Mapping[str, str], most: int, log: Log
    ) -> None:
        self.function = function
        self._python, self._environment, self._most, self._log = python, environment, most, log
        self._changed = threading.Condition()
        self._line: deque[Invocation] = deque()
        self._workers: list[Worker] = []  # that take invocations
        self._alive: list[Worker] = []  # and those that finish one before they go
        self._seen = _fingerprint(function.path)
        self._closed = False

    def invoke(self, event: Mapping[str, Any]) -> InvocationResult:
        """The function's answer, or its error in Lambda's format. Waits its turn when all are busy."""
        invocation = Invocation(json.dumps(event).encode(), self.function.arn)
        with self._changed:
            if self._closed:
                return _error("Runtime.Closed", "The world is stopping")
            self._renew_if_edited()
            self._line.append(invocation)
            if not self._workers:
                self._start()
            self._changed.notify()
        wait = PATIENCE
        while not invocation.taken.wait(wait) and not invocation.answer.done():
            with self._changed:
                starting = any(not each.ready for each in self._workers)
                if self._closed:
                    return _error("Runtime.Closed", "The world is stopping")
                if not starting and len(self._workers) < self._most:
                    self._start()
        try:
            return invocation.answer.result(self.function.timeout + (0 if invocation.taken.is_set() else 1))
        except TimeoutError:
            self._kill(invocation)
            message = f"{invocation.id} Task timed out after {self.function.timeout:.2f} seconds"
            self._log(self.function.name, message)
            return _error("Sandbox.Timedout", message)

    def close(self) -> None:
        """Leave no process behind."""
        with self._changed:
            self._closed = True
            self._workers = []
            alive = list(self._alive)
            self._changed.notify_all()
        for worker in alive:
            worker.kill()

    def take(self, worker: "Worker") -> Invocation | None:
        """The next invocation for a worker; None tells it to go."""
        with self._changed:
            worker.ready = True
            while worker in self._workers:
                if self._line:
                    invocation = self._line.popleft()
                    invocation.deadline = int((time.time() + self.function.timeout) * 1000)
                    invocation.taken.set()
                    return invocation
                if not self._changed.wait(IDLE_SECONDS) and len(self._workers) > 1:
                    self._workers.remove(worker)
        worker.kill()
        return None

    def gone(self, worker: "Worker", last_words: InvocationResult) -> None:
        """A process ended: what it was busy with fails, or if it never got ready, the first in line."""
        with self._changed:
            self._alive.remove(worker)
            expected = worker not in self._workers
            if not expected:
                self._workers.remove(worker)
            if worker.current is not None:
                worker.current.settle(last_words)
            elif not expected and not worker.ready and self._line:
                first = self._line.popleft()
                first.settle(last_words)
                first.taken.set()
            if self._line and not self._workers and not self._closed:
                self._start()

    def _start(self) -> None:
        worker = Worker(self, self._python, self._environment, self._log)
        self._workers.append(worker)
        self._alive.append(worker)

    def _kill(self, invocation: Invocation) -> None:
        with self._changed:
            busy = [each for each in self._alive if each.current is invocation]
            self._workers = [each for each in self._workers if each not in busy]
        for worker in busy:
            worker.kill()

    def _renew_if_edited(self) -> None:
        """After an edit, busy workers finish what they do; the next invocation meets the new code."""
        now = _fingerprint(self.function.path)
        if now != self._seen:
            self._seen = now
            self._workers = []
            self._changed.notify_all()


class Worker:
    """One process running awslambdaric, with its own Runtime API to ask."""

    def __init__(self, pool: Pool, python: Path, environment: Mapping[str, str], log: Log) -> None:
        self.ready = False
        self._last_words = b""
        self._pool, self._log = pool, log
        self._api = RuntimeApi(lambda: pool.take(self), self._broken)
        function = pool.function
        self._process = subprocess.Popen(
            [str(python), "-P", str(BOOTSTRAP), function.handler],
            env={
                **environment,
                **function.environment,
                "AWS_LAMBDA_RUNTIME_API": self._api.address,
                "AWS_LAMBDA_FUNCTION_NAME": function.physical,
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
                "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.physical}",
                "AWS_LAMBDA_LOG_STREAM_NAME": "local",
                "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
                "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
                "LAMBDA_TASK_ROOT": str(function.path[0]),
                "LAMBDA_RUNTIME_DIR": str(BOOTSTRAP.parent),
                "_HANDLER": function.handler,
                "PYTHONPATH": os.pathsep.join(str(each) for each in function.path),
                "PYTHONUNBUFFERED": "1",
                "PYTHONDONTWRITEBYTECODE": "",
                "POWERTOOLS_TRACE_DISABLED": "true",  # nobody listens for X-Ray here
                "PATH": os.environ.get("PATH", ""),
                "LANG": "en_US.UTF-8",
                "TZ": ":UTC",
            },
            cwd=function.path[0],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the world, which then stops its workers
        )
        threading.Thread(target=self._follow, name=f"log {function.name}", daemon=True).start()
        self._alarm = threading.Timer(INIT_SECONDS, self._too_slow)
        self._alarm.daemon = True
        self._alarm.start()

    @property
    def current(self) -> Invocation | None:
        """What it is busy with."""
        return self._api.current

    def kill(self) -> None:
        """End the process and whatever it started."""
        if self._process.poll() is None:
            with suppress(ProcessLookupError):  # another thread ended it meanwhile
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _broken(self, answer: InvocationResult) -> None:
        self._last_words = answer.payload

    def _too_slow(self) -> None:
        if not self.ready:
            self.kill()

    def _follow(self) -> None:
        """Pass on what the process writes, then tell the pool that it is gone."""
        assert self._process.stdout
        for line in self._process.stdout:
            self._log(self._pool.function.name, line.decode(errors="replace").rstrip())
        code = self._process.wait()
        self._alarm.cancel()
        self._process.stdout.close()
        self._api.close()
        ended = _error("Runtime.ExitError", f"The worker of {self._pool.function.name} ended with {code}")
        self._pool.gone(self, InvocationResult(self._last_words, failed=True) if self._last_words else ended)


def _error(kind: str, message: str) -> InvocationResult:
    return InvocationResult(json.dumps({"errorType": kind, "errorMessage": message}).encode(), failed=True)


def _fingerprint(folders: tuple[Path, ...]) -> tuple[float, ...]:
    """Changes when any Python file below does; looked at no more than once in LOOK_SECONDS."""
    return tuple(_newest(each, int(time.monotonic() / LOOK_SECONDS)) for each in folders)


@lru_cache(maxsize=64)
def _newest(folder: Path, now: int) -> float:
    """The sum of all files' times: an edit, a new file, one that is gone, all change it."""
    times = 0.0
    for parent, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if each != "__pycache__"]
        times += sum(Path(parent, name).stat().st_mtime for name in names if name.endswith(".py"))
    return times
