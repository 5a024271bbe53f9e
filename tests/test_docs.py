"""The documents: what they name exists, and what they show is true."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_args

import pytest
import soundfile

from moodstream.config.sections import Config
from moodstream.mood.circumplex import MOODS, QUADRANT_OF
from moodstream.mood.state import Status
from tests.support.program import run_program

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("models/*.md")])
RAIN = ROOT / "tests" / "data" / "rain.ogg"


def by_name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def code_of(page: Path) -> Iterator[str]:
    """The lines of code blocks, without comments, and what stands in backticks."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            yield re.sub(r"\s+#.*", "", line)
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    yield from (re.sub(r"\s+", " ", code) for code in re.findall(r"`([^`]+)`", prose))
    yield from (
        re.sub(r"\s+#.*", "", line) for line in re.findall(r"^    (.*)", prose, re.MULTILINE)
    )


def heading_anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in headings}


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            assert anchor in heading_anchors(linked), target


def test_the_commands_exist_with_their_options():
    shown: dict[tuple[str, ...], set[str]] = {}
    for page in PAGES:
        for code in code_of(page):
            for words in re.findall(r"(?:^|/|(?<!from)\s)moodstream ((?:[\w-]+ ?)[^&|;]*)", code):
                command, *rest = words.split()
                if not command.isalpha():
                    continue
                nested = rest[:1] if command in ("room", "homeassistant", "service") else []
                if command == "history" and rest[:1] == ["forget"]:
                    nested = ["forget"]
                options = set(re.findall(r"(?<!\S)--[a-z-]+", words))
                shown.setdefault((command, *nested), set()).update(options)
    assert {("run",), ("watch",), ("replay",), ("room", "forget"), ("train",)} <= shown.keys()
    for command, options in shown.items():
        result = run_program(*command, "--help")
        assert result.returncode == 0, command
        assert all(re.search(rf"{option}\b", result.stdout) for option in options), command


def test_the_targets_of_make_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="ascii")
    named = {
        target
        for page in PAGES
        for code in code_of(page)
        for target in re.findall(r"(?<!\S)make ([a-z-]+)", code)
    }
    assert {"run", "test", "install", "boot-test"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    helped = set(re.findall(r"make ([a-z-]+) ", makefile))
    assert named - {"help"} <= helped


def test_ci_runs_the_test_commands_of_the_readme():
    (command,) = re.findall(
        r"^exec make (.*)$", (ROOT / ".ci/run").read_text("ascii"), re.MULTILINE
    )
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = [word for word in command.split() if "=" not in word]
    assert targets
    assert all(f"make {target}" in readme for target in targets)


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150


def test_the_settings_exist():
    config = Config()
    sections = {field.name for field in fields(config)}
    named = {
        (section, key)
        for page in PAGES
        for code in code_of(page)
        for section, key in re.findall(r"(?:^|\s)([a-z]+)\.([a-z_]+)(?=$|\s)", code)
        if section in sections and key not in ("py", "toml", "json")
    }
    assert ("mqtt", "prefix") in named
    for section, key in named:
        part = getattr(config, section)
        assert is_dataclass(part)
        assert hasattr(part, key), f"{section}.{key}"


def test_the_map_of_the_architecture_names_every_room():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+(?:/|\.py))`", text))
    package = ROOT / "moodstream"
    rooms = {f"{path.parent.name}/" for path in package.glob("*/__init__.py")}
    assert rooms <= named
    for name in named:
        assert (package / name).exists() or (ROOT / name).exists(), name


def test_contributors_find_the_folders():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = re.findall(r"^\| `([\w/]+/)`", text, re.MULTILINE)
    assert len(folders) > 5
    assert all((ROOT / folder).is_dir() for folder in folders)


def test_the_contract_shows_the_fields_that_are_published():
    text = (ROOT / "docs" / "mqtt.md").read_text(encoding="utf-8")
    shown = json.loads(re.findall(r"```json\n(.*?)```", text, re.DOTALL)[0])
    table = text[text.index("| field | meaning |") : text.index("### Status")]
    explained = set(
        re.findall(r"`(\w+)`", " ".join(re.findall(r"^\|([^|]*)\|", table, re.MULTILINE)))
    )
    assert explained == set(shown)
    lines = run_program("replay", RAIN, "--format", "jsonl").stdout.splitlines()
    messages = {message.pop("type"): message for message in map(json.loads, lines)}
    published = set(messages["state"]) - {"file"}  # lines of a replay name the recording
    assert set(shown) == published
    assert set(messages["event"]) - published == {"previous", "seq", "file"}
    replays = text[text.index("## Replays") : text.index("## Home Assistant")]
    assert set(messages["summary"]) <= set(re.findall(r"`(\w+)`", replays))


def test_the_contract_explains_each_status_and_quadrant():
    text = (ROOT / "docs" / "mqtt.md").read_text(encoding="utf-8")
    table = text[text.index("| status | meaning |") : text.index("### Moods")]
    explained = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert explained == set(get_args(Status))
    rows = re.findall(r"^\| (Q\d) \| . \| . \| (.*?) \|", text, re.MULTILINE)
    assert {mood: name for name, moods in rows for mood in moods.split(", ")} == QUADRANT_OF
    assert set(QUADRANT_OF) == set(MOODS)


def test_the_python_of_the_readme_runs(tmp_path):
    samples, rate = soundfile.read(RAIN)
    soundfile.write(tmp_path / "concert.flac", samples, rate)
    (code,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert "\nwarming_up None\n" in result.stdout


def test_the_version_and_the_licence_are_in_one_place():
    runtime = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    training = tomllib.loads((ROOT / "train" / "pyproject.toml").read_text(encoding="utf-8"))
    version_file = ROOT / runtime["tool"]["hatch"]["version"]["path"]
    assert "version" in runtime["project"]["dynamic"]
    assert "version" in training["project"]["dynamic"]
    followed = ROOT / "train" / training["tool"]["hatch"]["version"]["path"]
    assert followed.resolve() == version_file
    for name in runtime["project"]["license-files"]:
        assert (ROOT / name).is_file()
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert (ROOT / "train" / "LICENSE").read_text(encoding="utf-8") == licence


def test_the_hooks_are_the_checks_of_make_lint():
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="ascii")
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert recipe
    for line in recipe[1].splitlines():
        tool = line.strip().removeprefix("$(BIN)/").split(" --")[0].removesuffix(" .")
        assert f"entry: .venv/bin/{tool}" in hooks, tool
