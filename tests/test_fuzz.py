"""Whatever stands in a file, a variable or a message: an error that says so, and nothing else.

Not a traceback, nor a warning of numpy's, nor a gigabyte. Some seconds as it is; for hours:
``pytest tests/test_fuzz.py --hypothesis-profile long -o faulthandler_timeout=0``.
"""

import io
import json
import resource
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import soundfile
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from moodstream import self_test
from moodstream.assembly import load_bundle, make_pipeline
from moodstream.audio.chunk import Block
from moodstream.audio.file import SUFFIXES, AudioFileError
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle, BundleError
from moodstream.config.load import load
from moodstream.config.sections import Config, ConfigError
from moodstream.config.shown import shown
from moodstream.daemon import room
from moodstream.daemon.pause import Pause
from moodstream.features.normalise import Normaliser
from moodstream.mqtt.client import Client, Handlers
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.journal_file import NAME as JOURNAL
from moodstream.mqtt.journal_file import Event
from moodstream.publication import broker_connection
from moodstream.replay import recording as replay
from tests.support.signals import noise
from tests.support.spoilt import mutants, numbers, spoilt, values, with_brackets, words

pytestmark = [
    pytest.mark.filterwarnings("error::RuntimeWarning"),
    pytest.mark.timeout(6 * settings.default.max_examples),
]

SHIPPED = Path(__file__).parents[1] / "config.toml"


@pytest.fixture(autouse=True, scope="module")
def a_gigabyte() -> Iterator[None]:
    """More than there is now is not to be had."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    limit = psutil.Process().memory_info().vms + (1 << 30)
    resource.setrlimit(resource.RLIMIT_AS, (limit, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.fixture(autouse=True)
def no_logs() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


def use(config: Config, bundle: Bundle) -> None:
    """What the daemon does with its settings, but for devices and a broker that is there."""
    if config.models.bundle:
        load_bundle(config)
    pipeline = make_pipeline(config, bundle)
    list(pipeline.process(Block(noise(4), pipeline.rate)))
    shown(config).encode()
    Client(broker_connection(config), Handlers(), config.mqtt.client_id)


VARIABLES = [
    f"MOODSTREAM_{section.name}_{key.name}".upper()
    for section in fields(Config)
    if is_dataclass(section.type)
    for key in fields(section.type)
]


def check(bundle: Bundle, path: Path | None, environment: dict[str, str]) -> None:
    try:
        use(load(path, environment, {}), bundle)
    except (ConfigError, BundleError) as error:
        assert str(error)


@given(environment=st.dictionaries(st.sampled_from(VARIABLES), (words | numbers).map(str)))
def test_environment(bundle, environment):
    check(bundle, None, environment)


@given(data=st.data())
def test_configuration(bundle, tmp_path, data):
    path = tmp_path / "config.toml"
    setting = st.tuples(st.sampled_from(VARIABLES), values).map(_setting)
    text = SHIPPED.read_text().replace("\n# ", "\n")  # what is commented out, too
    path.write_bytes(data.draw(spoilt(SHIPPED.read_bytes()) | setting | spoilt(text.encode())))
    check(bundle, path, {})


def _setting(drawn: tuple[str, Any]) -> bytes:
    """A line of TOML, which writes all that is drawn here as JSON does but for null."""
    variable, value = drawn
    section, key = variable.removeprefix("MOODSTREAM_").lower().split("_", 1)
    text = with_brackets(json.dumps(value)).replace("Infinity", "inf").replace("NaN", "nan")
    return f"{section}.{key} = {text}".encode()


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((disk.shipped() / disk.CARD).read_text())
    return found


def check_bundle(directory: Path) -> None:
    try:
        self_test.load(directory)
    except BundleError as error:
        assert str(directory) in str(error)


@given(data=st.data())
def test_card(copied, card, data):
    without_results = {**card, "training": {}, "results": {}}
    (copied / disk.CARD).write_bytes(data.draw(mutants(without_results)))
    check_bundle(copied)


@given(data=st.data())
def test_bytes_of_the_card(copied, data):
    content = (disk.shipped() / disk.CARD).read_bytes()
    (copied / disk.CARD).write_bytes(data.draw(spoilt(content)))
    check_bundle(copied)


@given(name=st.sampled_from(["cnn.tflite", "rnn.tflite"]), data=st.data())
def test_a_model_that_was_spoilt_never_reaches_the_native_library(copied, name, data):
    for model in disk.shipped().glob("*.tflite"):
        shutil.copy(model, copied)
    content = (copied / name).read_bytes()
    damaged = data.draw(spoilt(content).filter(lambda one: one != content))
    (copied / name).write_bytes(damaged)
    with pytest.raises(BundleError, match=f"{name}: its sha256 is"):
        self_test.load(copied)


@cache
def encoded(kind: str) -> bytes:
    container, _, subtype = kind.partition("/")
    stream = io.BytesIO()
    soundfile.write(
        stream, noise(0.4).reshape(-1, 2), 16000, subtype or None, format=container.upper()
    )
    return stream.getvalue()


KINDS = ["wav", "wav/FLOAT", "wav/IMA_ADPCM", "aiff", "flac", "ogg/VORBIS", "ogg/OPUS", "mp3"]


@given(kind=st.sampled_from(KINDS), data=st.data())
def test_recordings(bundle, tmp_path, kind, data):
    suffix = data.draw(
        st.sampled_from([f".{kind.partition('/')[0]}", *sorted(SUFFIXES), ".raw", ""])
    )
    path = tmp_path / f"recording{suffix}"
    path.write_bytes(data.draw(spoilt(encoded(kind))))
    try:
        summary = replay.summarise(path, bundle)
    except AudioFileError as error:
        assert str(path) in str(error)
    else:
        json.dumps(summary, allow_nan=False)
    path.unlink()


@pytest.fixture(scope="module")
def saved(bundle: Bundle) -> dict[str, Any]:
    count = bundle.card.features.n_mfcc
    learnt = {"frames": 1000, "mean": [1.0] * count, "square": [2.0] * count}
    return {
        "schema": 1,
        "saved": "2026-11-22T20:15:03.250Z",
        "bundle": bundle.sha256,
        "device": "",
        "room": learnt,
    }


@given(data=st.data())
def test_room(bundle, tmp_path, saved, data):
    path = tmp_path / room.NAME
    path.write_bytes(data.draw(mutants(saved) | spoilt(json.dumps(saved).encode())))
    normaliser = Normaliser(bundle.card.normalisation)
    room.RoomKeeper(path, normaliser, bundle, "").take_up()
    frames = np.ones((32, bundle.card.features.n_mfcc), np.float32)
    assert np.isfinite(normaliser.process(frames, audible=True)).all()


@given(data=st.data())
def test_journal(tmp_path_factory, data):
    directory = tmp_path_factory.mktemp("state")
    journal = Journal(100, directory)
    for seq in range(1, 6):
        journal.append(Event(seq, f'{{"seq":{seq}}}'))
    journal.close()
    path = directory / JOURNAL
    path.write_bytes(data.draw(spoilt(path.read_bytes())))
    journal = Journal(100, directory)
    assert journal.outlives
    numbers = [journal.take().seq for _ in range(journal.waiting) if not journal.delivered()]
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= set(range(1, 6))
    journal.close()


@given(command=st.binary(max_size=100) | st.sampled_from([b"pause\0", b"Pause", b" resume"]))
def test_commands(command):
    pause = Pause()
    pause.obey(command)
    heard = [*pause.process(Block(noise(0.1), 16000))]
    assert isinstance(heard[0], Block) == (command != b"pause")
