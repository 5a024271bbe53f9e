"""Cost of other programs that a user could pick instead, each in its own environment."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.compared.environments import Environment, environment
from benchmarks.compared.hearing import ABOUT, HEAD, hear, runs
from benchmarks.plan import Plan
from benchmarks.process import Missing
from benchmarks.report import Goal, Report, figure

ROOT = Path(__file__).parents[2]
OURS = (
    "**moodstream** names one of eight moods of the last seconds, with valence and arousal, for "
    "voices and music, smoothed over time. It takes a stream and processes each sample once."
)


@dataclass(frozen=True)
class Peer:
    """Program that moodstream is compared with."""

    name: str
    """Name, as its authors write it."""
    requirement: str
    """Requirement for pip, with the version that the script was written for."""
    packages: tuple[str, ...]
    """Packages whose versions are shown."""
    script: str
    """Name of its script in ``benchmarks.compared.measured``."""
    way: str
    """Form in which it takes the recording, for people."""
    about: str
    """Description of what it does and what it does not do."""
    classifies: bool = False
    """Whether its answer is for people, not features alone."""


OPENSMILE = Peer(
    "openSMILE",
    "opensmile==2.6.0",
    ("opensmile", "numpy"),
    "peer_opensmile",
    "the last 3 s",
    "describes a sound by the 88 numbers of eGeMAPSv02 (pitch, loudness, voice quality, spectrum), "
    "on which classifiers of voices are built. It has no classifier itself. Its Python package has "
    "no streams: each window is computed anew.",
)
VIBENET = Peer(
    "VibeNet",
    "vibenet==0.1.0",
    ("vibenet", "onnxruntime", "numpy"),
    "peer_vibenet",
    "the last 3 s",
    "classifies songs: valence, energy, danceability and four more, by an EfficientNet over mel "
    "bands. It names no moods, is not made for speech, and has no streams and no smoothing.",
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
        "Its features are measured: mel bands and an embedding of speech every 80 ms. The small "
        "network of a wake word would come on top. It takes a stream and names no moods.",
    ),
    Peer(
        "pymicro-features",
        "pymicro-features==2.0.2",
        ("pymicro-features",),
        "peer_micro_features",
        "a stream",
        "is the front end of microWakeWord in C++: 40 mel bands every 10 ms, with noise reduction "
        "and gain control. It takes a stream and gives features alone.",
    ),
)


def ours(plan: Plan) -> Environment:
    """Return the environment with moodstream in it, made if necessary.

    Raises:
        Missing: it cannot be made.
    """
    pyproject = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()[:12]
    return environment(plan.peers, str(ROOT), f"moodstream-{pyproject}")


def measure(plan: Plan) -> Report:
    """Measure all of them on the same recording; report why one cannot be installed.

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
        f"Cost of other programs on {plan.scale.naive_s:g} s of audio, with an answer every half "
        f"second, each in a virtual environment of its own. {ABOUT}; medians of {runs(plan)} runs "
        "after one that fills the caches. A program without streams processes each sample six "
        "times; *Peers on a file* measures it once. *Installed* counts what pip put there.\n\n"
        + "\n".join(about),
        (*HEAD, "installed MB"),
        rows,
        goals,
    )
