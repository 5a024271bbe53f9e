"""No docstring of the training opens with a word that makes a reader stop."""

import ast
from pathlib import Path

import moodstream_train

FORBIDDEN = {"What", "Of", "That", "How", "And", "So"}
ROOT = Path(moodstream_train.__file__).parent


def docstrings(path: Path) -> list[str]:
    """All strings that stand alone: docstrings of modules, definitions and attributes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]


def test_no_docstring_opens_with_a_forbidden_word() -> None:
    paths = [path for path in ROOT.rglob("*.py") if "corpora" not in path.parts]
    assert len(paths) > 50
    wrong = [
        f"{path.relative_to(ROOT)}: {text.split(chr(10))[0]}"
        for path in paths
        for text in docstrings(path)
        if text.split(maxsplit=1)[0] in FORBIDDEN
    ]
    assert wrong == []
