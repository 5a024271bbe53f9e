"""Strict decoding of mappings to frozen dataclasses, with all errors at once.

It decodes the configuration and the bundle's card, which come from outside as trees of values.
"""

import difflib
import math
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

MAX_TEXT = 4096
"""Longest text, in characters. Names, paths and topics are shorter; MQTT allows 65535 bytes."""
MAX_UNKNOWN = 20
"""Largest number of unknown keys of a table to report."""


def at_least(low: float) -> dict[str, Any]:
    """Return field metadata: the value must be ``low`` or more."""
    return {"low": low}


def between(low: float, high: float) -> dict[str, Any]:
    """Return field metadata: the value must lie in ``low .. high``, ends included."""
    return {"low": low, "high": high}


def one_of(*choices: str) -> dict[str, Any]:
    """Return field metadata: the value must be one of these words."""
    return {"choices": choices}


def checked_by(check: Callable[[Any], object]) -> dict[str, Any]:
    """Return field metadata: this function must accept the value without a ValueError."""
    return {"check": check}


def unset(kind: type, name: str) -> Any:
    """Return a field that is None by default, with the bounds of a field of another dataclass.

    Args:
        kind: the dataclass that sets the bounds.
        name: its field.
    """
    bounds = next(known.metadata for known in fields(kind) if known.name == name)
    return field(default=None, metadata=bounds)


def nearest(word: str, known: list[str]) -> str:
    """Return a hint with the closest known word, or with all of them if none is close."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(known)}"


def decode(kind: type[T], value: Any, path: str, errors: list[str]) -> T | None:
    """Decode a mapping to a dataclass.

    Args:
        kind: frozen dataclass. Its fields are dataclasses, str, int, float, bool, tuples of one
            type or mappings of str to one type; each may be None as well. Metadata of this module
            bounds them. A method ``problems()`` returns the contradictions between them.
        value: value from outside.
        path: place of the value, for messages; empty at the top.
        errors: list to which each error is appended, with its place and what to do.

    Returns:
        the dataclass, or None if anything in it is wrong.
    """
    before = len(errors)
    if not isinstance(value, Mapping):
        errors.append(f"{path or 'the file'}: expected a table of settings, found {shown(value)}")
        return None
    known: dict[str, Field[Any]] = {entry.name: entry for entry in fields(kind)}  # type: ignore[arg-type]
    types_of = _types_of(kind)  # type: ignore[arg-type]
    unknown = [str(key)[:MAX_TEXT] for key in value if key not in known]
    errors.extend(
        f"{_join(path, key)}: unknown key; {nearest(key, list(known))}"
        for key in unknown[:MAX_UNKNOWN]
    )
    if more := unknown[MAX_UNKNOWN:]:
        errors.append(f"{path or 'the file'}: {len(more)} more unknown keys")
    decoded: dict[str, Any] = {}
    for name, entry in known.items():
        where = _join(path, name)
        if name in value:
            decoded[name] = _decode_value(
                types_of[name], value[name], where, entry.metadata, errors
            )
        elif entry.default is MISSING and entry.default_factory is MISSING:
            errors.append(f"{where}: missing")
    if len(errors) > before:
        return None
    made = kind(**decoded)
    if hasattr(made, "problems"):
        errors.extend(f"{path or 'the file'}: {problem}" for problem in made.problems())
    return made if len(errors) == before else None


@cache
def _types_of(kind: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields; looked up once, as that takes long."""
    return get_type_hints(kind)


def _decode_value(
    kind: Any, value: Any, path: str, bounds: Mapping[str, Any], errors: list[str]
) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        if value is None:
            return None
        kind = next(option for option in get_args(kind) if option is not type(None))
    if is_dataclass(kind):
        return decode(kind, value, path, errors)  # type: ignore[arg-type]
    if get_origin(kind) is tuple:
        item = get_args(kind)[0]
        if not isinstance(value, list | tuple):
            expected = f"tables, each below [[{path}]]" if is_dataclass(item) else "a list"
            errors.append(f"{path}: expected {expected}, found {shown(value)}")
            return None
        return tuple(
            _decode_value(item, one, f"{path}[{i}]", bounds, errors) for i, one in enumerate(value)
        )
    if get_origin(kind) is dict:
        if not isinstance(value, Mapping):
            errors.append(f"{path}: expected a table, found {shown(value)}")
            return None
        item = get_args(kind)[1]
        return {
            str(key): _decode_value(item, one, _join(path, str(key)), bounds, errors)
            for key, one in value.items()
        }
    return _decode_scalar(kind, value, path, bounds, errors)


def _decode_scalar(
    kind: Any, value: Any, path: str, bounds: Mapping[str, Any], errors: list[str]
) -> Any:
    if kind is Any:
        return value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        # JSON allows integers beyond the largest float.
        value = float(value) if abs(value) < 1 << 1023 else math.inf
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        name = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}[kind]
        found = "something else" if bounds.get("secret") else shown(value)
        errors.append(f"{path}: expected {name}, found {found}")
        return None
    if isinstance(value, str) and (problem := _problem_of_text(value, bounds)):
        errors.append(f"{path}: {problem}")
        return None
    if isinstance(value, float) and not math.isfinite(value):
        errors.append(f"{path}: expected a finite number, found {value}")
        return None
    low, high = bounds.get("low", -math.inf), bounds.get("high", math.inf)
    if isinstance(value, int | float) and not isinstance(value, bool) and not low <= value <= high:
        allowed = f"at least {low:g}" if high == math.inf else f"between {low:g} and {high:g}"
        errors.append(f"{path}: must be {allowed}, found {shown(value)}")
    choices = bounds.get("choices")
    if choices and value not in choices:
        errors.append(f"{path}: found {shown(value)}; {nearest(str(value), list(choices))}")
    try:
        bounds.get("check", bool)(value)
    except ValueError as error:
        errors.append(f"{path}: {error}")
    return value


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _problem_of_text(text: str, bounds: Mapping[str, Any]) -> str:
    if len(text) > MAX_TEXT:
        return f"expected at most {MAX_TEXT} characters, found {len(text)}"
    # JSON can contain surrogates, and environment variables any bytes. Neither can be encoded.
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        found = "" if bounds.get("secret") else f", found {shown(text)}"
        return f"expected Unicode text without NUL{found}"
    return ""


def shown(value: Any) -> str:
    """Return any value as text of at most 60 characters."""
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # Python writes no integer of more than 4300 digits
        return "something too deep or too large to be shown"
    return text if len(text) <= 60 else text[:57] + "..."
