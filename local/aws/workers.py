"""The worker processes of a function: started when needed, as Lambda does."""

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

from local.aws.resources import Function
from local.aws.runtime import Invocation, InvocationResult, RuntimeApi

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
SCALE_OUT_SECONDS = 0.25  # for which an invocation waits before another worker is started for it
INIT_SECONDS = 30  # Lambda allows ten; a busy laptop starts six workers at once
IDLE_SECONDS = 120  # after which all but one worker end
CHECK_SECONDS = 1.0  # how often, at most, the code is checked for edits

Log = Callable[[str, str], None]
"""Gets a function's name and a line that it wrote."""


class Pool:
    """All workers of one function. Invocations wait in one queue; any free worker takes the first."""

    def __init__(
        self,
        function: Function,
        python: Path,
        environment: Mapping[str, str],
        max_workers: int,
        log: Log,
    ) -> None:
        self.function = function
        self._python, self._environment, self._max_workers = python, environment, max_workers
        self._log = log
        self._changed = threading.Condition()
        self._queue: deque[Invocation] = deque()
        self._workers: list[Worker] = []  # that take invocations
        self._alive: list[Worker] = []  # and those that finish one before they end
        self._code_version = _version(function.path)
        self._closed = False

    def invoke(self, event: Mapping[str, Any]) -> InvocationResult:
        """The function's response, or its error in Lambda's format. Blocks while all workers are busy."""
        invocation = Invocation(json.dumps(event).encode(), self.function.arn)
        with self._changed:
            if self._closed:
                return _closed()
            self._replace_if_edited()
            self._queue.append(invocation)
            if not self._workers:
                self._start()
            self._changed.notify()
        while not invocation.taken.wait(SCALE_OUT_SECONDS) and not invocation.result.done():
            with self._changed:
                starting = any(not each.ready for each in self._workers)
                if self._closed:
                    return _closed()
                if not starting and len(self._workers) < self._max_workers:
                    self._start()
        try:
            return invocation.result.result(self.function.timeout + (0 if invocation.taken.is_set() else 1))
        except TimeoutError:
            self._kill(invocation)
            message = f"{invocation.id} Task timed out after {self.function.timeout:.2f} seconds"
            self._log(self.function.name, message)
            return InvocationResult.error("Sandbox.Timedout", message)

    def close(self) -> None:
        """Kill all workers."""
        with self._changed:
            self._closed = True
            self._workers = []
            alive = list(self._alive)
            self._changed.notify_all()
        for worker in alive:
            worker.kill()

    def take(self, worker: "Worker") -> Invocation | None:
        """The next invocation for a worker. None, and the worker ends, where it is replaced or idle."""
        with self._changed:
            worker.ready = True
            while worker in self._workers:
                if self._queue:
                    invocation = self._queue.popleft()
                    invocation.deadline = int((time.time() + self.function.timeout) * 1000)
                    invocation.taken.set()
                    return invocation
                if not self._changed.wait(IDLE_SECONDS) and len(self._workers) > 1:
                    self._workers.remove(worker)
        worker.kill()
        return None

    def ended(self, worker: "Worker", error: InvocationResult) -> None:
        """A process ended: its invocation fails with `error`; if it never got ready, the first that waits."""
        with self._changed:
            self._alive.remove(worker)
            expected = worker not in self._workers
            if not expected:
                self._workers.remove(worker)
            if worker.current is not None:
                worker.current.finish(error)
            elif not expected and not worker.ready and self._queue:
                first = self._queue.popleft()
                first.finish(error)
                first.taken.set()
            if self._queue and not self._workers and not self._closed:
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

    def _replace_if_edited(self) -> None:
        """After an edit, busy workers finish their invocation; the next one runs the new code."""
        version = _version(self.function.path)
        if version != self._code_version:
            self._code_version = version
            self._workers = []
            self._changed.notify_all()


class Worker:
    """One process that runs awslambdaric, with a Runtime API of its own."""

    def __init__(self, pool: Pool, python: Path, environment: Mapping[str, str], log: Log) -> None:
        self.ready = False
        self._init_error: InvocationResult | None = None
        self._pool, self._log = pool, log
        self._api = RuntimeApi(lambda: pool.take(self), self._on_init_error)
        function = pool.function
        self._process = subprocess.Popen(
            [str(python), "-P", str(BOOTSTRAP), function.handler],
            env={**environment, **function.environment, **_lambda_environment(function, self._api.address)},
            cwd=function.path[0],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for this process, which then stops its workers
        )
        threading.Thread(target=self._follow, name=f"log {function.name}", daemon=True).start()
        self._init_timer = threading.Timer(INIT_SECONDS, self._on_init_timeout)
        self._init_timer.daemon = True
        self._init_timer.start()

    @property
    def current(self) -> Invocation | None:
        """The invocation that it runs."""
        return self._api.current

    def kill(self) -> None:
        """End the process and whatever it started."""
        if self._process.poll() is None:
            with suppress(ProcessLookupError):  # another thread ended it meanwhile
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _on_init_error(self, error: InvocationResult) -> None:
        self._init_error = error

    def _on_init_timeout(self) -> None:
        if not self.ready:
            self.kill()

    def _follow(self) -> None:
        """Pass on what the process writes; when it has ended, report that to the pool."""
        assert self._process.stdout
        name = self._pool.function.name
        for line in self._process.stdout:
            self._log(name, line.decode(errors="replace").rstrip())
        code = self._process.wait()
        self._init_timer.cancel()
        self._process.stdout.close()
        self._api.close()
        exit_error = InvocationResult.error("Runtime.ExitError", f"The worker of {name} ended with {code}")
        self._pool.ended(self, self._init_error or exit_error)


def _lambda_environment(function: Function, runtime_api: str) -> dict[str, str]:
    """https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"""
    return {
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
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
        "POWERTOOLS_TRACE_DISABLED": "true",  # there is no X-Ray here
        "PATH": os.environ.get("PATH", ""),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
    }


def _closed() -> InvocationResult:
    return InvocationResult.error("Runtime.Closed", "The application is stopping")


def _version(folders: tuple[Path, ...]) -> tuple[float, ...]:
    """Changes when any Python file below does. Reads the folders at most once in CHECK_SECONDS."""
    return tuple(_file_times(each, int(time.monotonic() / CHECK_SECONDS)) for each in folders)


@lru_cache(maxsize=64)
def _file_times(folder: Path, period: int) -> float:
    """The sum of all files' times: an edit, a new and a deleted file change it."""
    times = 0.0
    for parent, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if each != "__pycache__"]
        times += sum(Path(parent, name).stat().st_mtime for name in names if name.endswith(".py"))
    return times
