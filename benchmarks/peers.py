"""What others take, that a user would pick instead, each in an environment of its own."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.environments import Environment, environment
from benchmarks.hearing import ABOUT, HEAD, hear, runs
from benchmarks.plan import Plan
from benchmarks.process import Missing
from benchmarks.report import Goal, Report, figure

ROOT = Path(__file__).parents[1]
OURS = (
    "**moodstream** names the mood of the last seconds, one of eight, with valence and arousal, of "
    "voices and of music, smoothed over time. It hears a stream, and each sample once."
)


@dataclass(frozen=True)
class Peer:
    """Another program."""

    name: str
    requirement: str
    """As pip takes it, with the version that the script was written for."""
    packages: tuple[str, ...]
    """Whose versions are told."""
    script: str
    """Of ``benchmarks.measured``."""
    way: str
    """How it hears the recording."""
    about: str
    """What it does and what it does not do."""
    classifies: bool = False
    """Whether it gives an answer that a person can read, and not features alone."""


OPENSMILE = Peer(
    "openSMILE",
    "opensmile==2.6.0",
    ("opensmile", "numpy"),
    "peer_opensmile",
    "the last 3 s",
    "describes a sound by the 88 numbers of eGeMAPSv02 (pitch, loudness, voice quality, spectrum), "
    "on which classifiers of voices are built. It has none itself. Its Python package has no "
    "streams: each window is computed anew.",
)
VIBENET = Peer(
    "VibeNet",
    "vibenet==0.1.0",
    ("vibenet", "onnxruntime", "numpy"),
    "peer_vibenet",
    "the last 3 s",
    "classifies songs: valence, energy, danceability and four more, by an EfficientNet over mel "
    "bands. It names no moods, knows no voices but in songs, has no streams and nothing over time.",
    classifies=True,
)
PEERS = (
    OPENSMILE,
    VIBENET,
    Peer(
        "pyopen-wakeword",
        "pyopen-wakeword==1.1.0",
        ("pyopen-wakeword", "numpy"),
        "peer_openwakeword",
        "a stream",
        "is openWakeWord with its models inside (`openwakeword` itself fetches them when it runs). "
        "Measured are its features, mel bands and an embedding of speech every 80 ms; "
        "the small network of a wake word would come on top. It hears a stream and knows no moods.",
    ),
    Peer(
        "pymicro-features",
        "pymicro-features==2.0.2",
        ("pymicro-features",),
        "peer_micro_features",
        "a stream",
        "is the front end of microWakeWord in C++: 40 mel bands every 10 ms, with noise reduction "
        "and gain control. It hears a stream and gives features alone.",
    ),
)


def ours(plan: Plan) -> Environment:
    """One with moodstream in it.

    Raises:
        Missing: it cannot be made.
    """
    pyproject = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()[:12]
    return environment(plan.peers, str(ROOT), f"moodstream-{pyproject}")


def measure(plan: Plan) -> Report:
    """All of them on the same recording; one that cannot be installed says why.

    Raises:
        Missing: moodstream itself cannot be installed.
    """
    home = ours(plan)
    here = hear("pipeline", plan, home.python)
    rows = [
        (*here.row(f"{home.versions(('moodstream', 'numpy'))}: a stream", here), figure(home.mb))
    ]
    about, goals = [f"- {OURS}"], []
    for peer in PEERS:
        about.append(f"- **{peer.name}** {peer.about}")
        try:
            away = environment(plan.peers, peer.requirement)
        except Missing as error:
            about[-1] += f" Not measured: {error}"
            continue
        found = hear(peer.script, plan, away.python)
        way = f"{away.versions(peer.packages)}: {peer.way}"
        rows.append((*found.row(way, here), figure(away.mb)))
        if peer.classifies:
            times = found.cpu_s / here.cpu_s
            goals.append(Goal(f"CPU of {peer.name}", "> 1 x", f"{figure(times)} x", times > 1))
    return Report(
        "Peers",
        f"What others take for {plan.scale.naive_s:g} s, every half second, each in a virtual "
        f"environment of its own. {ABOUT}; medians of {runs(plan)} runs after one that fills the "
        "caches. Who has no stream hears each sample six times; *Peers on a file* has what it "
        "takes to hear it once. Installed is what pip put there, and nothing else.\n\n"
        + "\n".join(about),
        (*HEAD, "installed MB"),
        rows,
        goals,
    )
