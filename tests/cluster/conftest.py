"""A Dask cluster of real processes, and a library for it."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager, suppress

import psutil
import pytest

from tests.replay.conftest import library, uninterrupted  # noqa: F401
from tests.support.program import wait_until


class Cluster:
    """A scheduler, and workers that come and go."""

    def __init__(self, folder, allowed_failures):
        self.folder = folder
        self.environment = {
            **os.environ,
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures),
        }
        self.processes = []
        self.place = folder / "scheduler.json"
        self._start("scheduler", "--port", "0", "--host", "127.0.0.1")
        wait_until(lambda: self.place.exists() and self.place.stat().st_size, 60)
        self.address = json.loads(self.place.read_text())["address"]

    def add_worker(self, **environment):
        self.environment.update(environment)
        name = f"worker{len(self.processes)}"
        options = ("--nthreads", "1", "--no-nanny", "--memory-limit", "0", "--name", name)
        return self._start("worker", *options, "--local-directory", self.folder / name)

    def end(self):
        for process in self.processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
            process.wait()

    def _start(self, kind, *options):
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *map(str, options)]
        with (self.folder / f"{kind}{len(self.processes)}.log").open("w") as log:
            process = subprocess.Popen(
                [*command, "--scheduler-file", self.place, "--no-dashboard"],
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        self.processes.append(process)
        return process


@contextmanager
def running(folder, allowed_failures=3):
    cluster = Cluster(folder, allowed_failures)
    try:
        yield cluster
    finally:
        cluster.end()


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A scheduler and two workers for the tests that harm none of them."""
    with running(tmp_path_factory.mktemp("pair")) as cluster:
        cluster.add_worker()
        cluster.add_worker()
        yield cluster
