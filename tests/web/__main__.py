"""Memory and processor time of daemon and page while many pages are open.

    python -m tests.web [--minutes 60] [--pages 20]

A real daemon hears the bundled recording through a sound server, over and over, and publishes to a
real mosquitto. One Chromium shows the page of `moodstream web` in many windows. A browser makes at
most six connections to a name, so each window calls the page by another name.

Prints a table. Ends with status 1 if the memory of daemon or page still grows in the second half,
or if a window does not follow at the end.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psutil
import soundfile
from selenium import webdriver

from moodstream.audio.demo import RECORDING
from tests.support.mosquitto import Mosquitto
from tests.support.program import MOODSTREAM, wait_until
from tests.support.pulseaudio import PulseAudio
from tests.web.page import chromium, served

GROWTH_MB = 5.0
"""Largest growth of a program's memory from the middle to the end."""
PATIENCE_S = 180.0
SETTLED_S = 60.0
"""Seconds between the opening of the last page and the first row."""


@contextmanager
def daemon(broker: Mosquitto, sound: PulseAudio, folder: Path) -> Iterator[psutil.Process]:
    """Run the daemon."""
    environment = {**sound.environment, "STATE_DIRECTORY": str(folder / "daemon")}
    command = [*MOODSTREAM, "run", "--broker", broker.url]
    with (folder / "daemon.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def music(sound: PulseAudio, path: Path) -> Iterator[None]:
    """Play a recording over and over."""
    command = 'while paplay --device=room "$1"; do :; done'
    process = subprocess.Popen(["sh", "-c", command, "sh", path], env=sound.environment)
    try:
        yield
    finally:
        for child in (process, *psutil.Process(process.pid).children()):
            child.kill()
        process.wait()


def words(driver: webdriver.Chrome) -> list[str]:
    """Return the word of each window that follows; "lost" for each other one."""
    script = """
        return document.documentElement.dataset.live === "true"
            ? document.querySelector("#word").textContent : "lost";"""
    found = []
    for window in driver.window_handles[1:]:
        driver.switch_to.window(window)
        found.append(driver.execute_script(script))
    return found


def measured(process: psutil.Process) -> tuple[float, float]:
    """Return memory (PSS, MB) and processor time (s) of a program."""
    times = process.cpu_times()
    return process.memory_full_info().pss / 1e6, times.user + times.system


def connections(process: psutil.Process, port: int) -> int:
    """Return the number of browsers' connections to a program."""
    return sum(
        found.status == psutil.CONN_ESTABLISHED and found.laddr.port == port
        for found in process.net_connections("tcp")
    )


def rows(processes: dict[str, psutil.Process], port: int, minutes: int) -> dict[str, list[float]]:
    """Print a row each minute; return the memories of each program, MB."""
    memories: dict[str, list[float]] = {name: [] for name in processes}
    names = " | ".join(f"{name} MB | {name} % of a core" for name in processes)
    click.echo(f"| minute | {names} | connections |")
    click.echo("|---" * (2 + 2 * len(processes)) + "|")
    before = {name: measured(process)[1] for name, process in processes.items()}
    begun_s = last_s = time.monotonic()
    for minute in range(1, minutes + 1):
        time.sleep(max(0.0, begun_s + 60 * minute - time.monotonic()))
        now_s, cells = time.monotonic(), []
        for name, process in processes.items():
            memory, cpu_s = measured(process)
            memories[name].append(memory)
            cells += [f"{memory:.1f}", f"{100 * (cpu_s - before[name]) / (now_s - last_s):.1f}"]
            before[name] = cpu_s
        last_s = now_s
        cells.append(str(connections(processes["page"], port)))
        click.echo(f"| {minute} | {' | '.join(cells)} |")
        sys.stdout.flush()
    return memories


@click.command(help=__doc__.splitlines()[0])
@click.option("--minutes", default=60, show_default=True)
@click.option("--pages", default=20, show_default=True)
def main(minutes: int, pages: int) -> None:
    """Run the programs, and judge them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        broker, sound = Mosquitto(folder), PulseAudio(folder)
        samples, rate = soundfile.read(RECORDING)
        soundfile.write(folder / "played.wav", samples, rate)
        broker.start()
        sound.start()
        try:
            sys.exit(_judged(broker, sound, folder, minutes, pages))
        finally:
            sound.kill()
            broker.kill()


def _judged(broker: Mosquitto, sound: PulseAudio, folder: Path, minutes: int, pages: int) -> int:
    names = [f"page{number}.localhost" for number in range(pages)]
    with (
        daemon(broker, sound, folder) as heard,
        music(sound, folder / "played.wav"),
        served(folder, broker, MOODSTREAM_WEB_HOSTS=",".join(names)) as page,
        chromium("--force-prefers-reduced-motion") as driver,
    ):
        driver.set_script_timeout(PATIENCE_S)  # the machine may be busy with others
        for name in names:
            driver.switch_to.new_window("window")  # a tab in the background follows nothing
            driver.get(f"http://{name}:{page.port}/")
        wait_until(lambda: "lost" not in words(driver), PATIENCE_S)
        time.sleep(SETTLED_S)
        processes = {"daemon": heard, "page": psutil.Process(page.process.pid)}
        memories = rows(processes, page.port, minutes)
        shown = words(driver)
    click.echo(f"{shown.count('lost')} of {pages} windows do not follow at the end: {shown}")
    growths = {name: found[-1] - found[len(found) // 2] for name, found in memories.items()}
    for name, growth in growths.items():
        click.echo(f"{name}: {growth:+.1f} MB from the middle to the end")
    return int("lost" in shown or max(growths.values()) > GROWTH_MB)


if __name__ == "__main__":
    os.nice(5)
    main()
