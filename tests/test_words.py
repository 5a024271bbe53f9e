"""Public docstrings open with the right word: a verb for functions, a noun for the rest."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = (ROOT / "moodstream", ROOT / "train" / "moodstream_train", ROOT / "benchmarks")
NEVER = {"What", "Of", "That", "How"}
NO_VERB = {
    *("The", "A", "An", "All", "Any", "Each", "Every", "No", "Some", "Both", "One", "Two", "Three"),
    *("This", "These", "Those", "Such", "It", "Its", "They", "Whether", "Where", "When", "Why"),
    *("Who", "Which", "If", "Is", "Are", "Does", "Do", "Can", "Has", "Have", "In", "On", "At"),
    *("For", "From", "To", "By", "With", "As", "Everything", "Nothing", "Something", "Seconds"),
    *("Samples", "Frames", "Hertz", "Decibels", "Bytes", "Field", "Number", "Names", "Not"),
}
"""First words of noun phrases and of questions, where a function's docstring has its verb."""

Found = Iterator[tuple[int, str, str, str]]
"""Line, kind, name and docstring of a definition."""


def is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def definitions(body: list[ast.stmt]) -> Found:
    """All public functions, classes and attributes with a docstring, those of classes included."""
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            text = ast.get_docstring(node)
            if not is_public(node.name):
                continue
            is_noun = isinstance(node, ast.ClassDef) or any(
                isinstance(it, ast.Name) and it.id in ("property", "cached_property")
                for it in node.decorator_list
            )
            if text:
                yield node.lineno, "noun" if is_noun else "verb", node.name, text
            if isinstance(node, ast.ClassDef):
                yield from definitions(node.body)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(after, ast.Expr):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            text = after.value.value if isinstance(after.value, ast.Constant) else None
            if isinstance(target, ast.Name) and is_public(target.id) and isinstance(text, str):
                yield node.lineno, "noun", target.id, text
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            yield from attributes(node.body)


def attributes(body: list[ast.stmt]) -> Found:
    """The attributes that a constructor documents."""
    for node, after in pairwise(body):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(after, ast.Expr):
            continue
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
        text = after.value.value if isinstance(after.value, ast.Constant) else None
        if isinstance(target, ast.Attribute) and is_public(target.attr) and isinstance(text, str):
            yield node.lineno, "noun", target.attr, text


def problems(path: Path) -> Iterator[str]:
    for line, kind, name, text in definitions(ast.parse(path.read_text()).body):
        first = text.split(maxsplit=1)[0].strip(".,:;`*\"'()?") if text.strip() else ""
        if first in NEVER or (kind == "verb" and (first in NO_VERB or not first[:1].isupper())):
            yield f"{path.relative_to(ROOT)}:{line}: {name}: '{text.splitlines()[0]}'"


def rooms() -> list[Path]:
    return [
        place
        for package in PACKAGES
        for place in sorted(package.iterdir())
        if place.suffix == ".py" or (place / "__init__.py").exists()
    ]


@pytest.mark.parametrize("room", rooms(), ids=lambda room: str(room.relative_to(ROOT)))
def test_docstrings_open_with_a_verb_or_a_noun(room: Path) -> None:
    paths = [room] if room.is_file() else sorted(room.rglob("*.py"))
    found = [problem for path in paths for problem in problems(path)]
    assert not found, "\n".join(found)


def test_the_rule_finds_what_breaks_it(tmp_path: Path) -> None:
    path = ROOT / "tests" / "support" / "words.txt"
    assert [problem.partition(":")[2].partition(":")[0] for problem in problems(path)] == [
        *("2", "5", "13", "20", "23")
    ]
