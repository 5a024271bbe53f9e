"""Data that was spoilt at random."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

DEEP = "so many brackets: "
"""Begins what stands for lists in lists: the encoder for the tests would give up before others."""


words = st.text(max_size=20) | st.sampled_from(
    ["", "\0", "\ud800", "..", "/", "a\0b", "x" * 10_000, "\x1b[2J", "mqtt://h:0", "-1", "nan"]
)


numbers = (
    st.integers()
    | st.floats()
    | st.sampled_from([0, -1, 1, 2, 255, 1 << 31, 1 << 63, 10**30, 10**400, 1e308, -1e308, 5e-324])
)


scalars = st.none() | st.booleans() | numbers | words


values = (
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=5,
    )
    | st.integers(1, 1200).map(lambda depth: f"{DEEP}{depth}")
    | st.integers(1, 10_000).map(lambda length: [0.5] * length)
)


@st.composite
def mutants(draw: st.DrawFn, tree: dict[str, Any]) -> bytes:
    """The tree with a few of its branches changed, as JSON."""
    tree = copy.deepcopy(tree)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(tree))
        if not places:
            break
        node, key = places[draw(st.integers(0, len(places) - 1))]
        change = draw(st.sampled_from(["replace", "remove", "scale", "add"]))
        if change == "replace":
            node[key] = draw(values)
        elif change == "remove":
            del node[key]
        elif change == "scale" and isinstance(node[key], int | float):
            node[key] *= draw(st.sampled_from([-1, 0, 0.5, 2, 3, 1000, 1e12, 10**12]))
        elif isinstance(node, dict):
            node[draw(words)] = draw(values)
        else:
            node.append(draw(values))
    return with_brackets(json.dumps(tree)).encode()


def _places(tree: dict[str, Any] | list[Any]) -> Iterator[tuple[Any, Any]]:
    """Each branch with its key; of a list the first alone."""
    for key in list(tree) if isinstance(tree, dict) else range(len(tree))[:1]:
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from _places(tree[key])


def with_brackets(text: str) -> str:
    """The text with as many brackets as its strings ask for."""
    before, found, after = text.partition(f'"{DEEP}')
    if not found:
        return text
    depth, _, after = after.partition('"')
    return before + "[" * int(depth) + "]" * int(depth) + with_brackets(after)


@st.composite
def spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """The content with some bytes changed, put in or left out, most of them near its beginning."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, 120) | st.integers(0, len(content)))
        garbage = draw(
            st.binary(min_size=1, max_size=8)
            | st.sampled_from([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f"])
        )
        change = draw(st.sampled_from(["overwrite", "insert", "remove", "cut"]))
        rest = content[at if change == "insert" else at + len(garbage) :]
        content = content[:at] + (b"" if change == "remove" else garbage) + rest
        if change == "cut":
            content = content[:at]
    return content
