"""Settings of every test; the fixtures are in ``tests/support``."""

import atexit
import os
import shutil
import signal
import tempfile

import hypothesis

pytest_plugins = [
    f"tests.support.{name}"
    for name in (
        *("mosquitto", "pulseaudio", "streams", "certificates"),
        *("bundle", "hearing", "replays"),
    )
]

# A busy machine is no failure: tests decide what is right, benchmarks how fast it is.
hypothesis.settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow,
        hypothesis.HealthCheck.function_scoped_fixture,
    ],
)
hypothesis.settings.register_profile(
    "long", hypothesis.settings.get_profile("patient"), max_examples=10_000
)
hypothesis.settings.load_profile("patient")

# What programs under test keep is theirs alone, not the user's.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="moodstream-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"])

# A shell without job control starts background jobs deaf to Ctrl-C, and their children inherit it.
# Programs under test are to hear it, as they do in a terminal.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
