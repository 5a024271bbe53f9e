"""From mappings to frozen dataclasses: strict, and all errors at once.

Used for whatever comes from outside as a tree of values: the configuration and the bundle's card.
"""

import difflib
import math
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

MAX_TEXT = 4096
"""Characters; names, paths and topics are shorter, and MQTT takes no more than 65535 bytes."""
MAX_UNKNOWN = 20
"""Unknown keys of one table that are told."""


def at_least(low: float) -> dict[str, Any]:
    """Field metadata: the value must not be below ``low``."""
    return {"low": low}


def between(low: float, high: float) -> dict[str, Any]:
    """Field metadata: the value must lie in ``low .. high``, ends included."""
    return {"low": low, "high": high}


def one_of(*choices: str) -> dict[str, Any]:
    """Field metadata: the value must be one of these words."""
    return {"choices": choices}


def checked_by(check: Callable[[Any], object]) -> dict[str, Any]:
    """Field metadata: this function must take the value without a ValueError."""
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
    """A hint that names the nearest known word, or all of them if none is near."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(known)}"


def decode(kind: type[T], value: Any, path: str, errors: list[str]) -> T | None:
    """Make a dataclass of a mapping.

    Args:
        kind: a frozen dataclass; its fields may be dataclasses, str, int, float, bool, tuples
            of one type, mappings of str to one type, or any of these or None. Metadata from this
            module bounds them; a method ``problems()`` is asked for what contradicts itself.
        value: what came from outside.
        path: where it stands, for messages; "" at the top.
        errors: each mistake found is appended, with its path and what to do.

    Returns:
        the dataclass, or None if anything in it was wrong.
    """
    before = len(errors)
    if not isinstance(value, Mapping):
        errors.append(f"{path or 'the file'}: expected a table of settings, found {shown(value)}")
        return None
    known: dict[str, Field[Any]] = {entry.name: entry for entry in fields(kind)}  # type: ignore[arg-type]
    types_of = get_type_hints(kind)
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
        if not isinstance(value, list | tuple):
            errors.append(f"{path}: expected a list, found {shown(value)}")
            return None
        item = get_args(kind)[0]
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
        # JSON knows integers beyond the largest float.
        value = float(value) if abs(value) < 1 << 1023 else math.inf
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        name = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}[kind]
        found = "something else" if bounds.get("secret") else shown(value)
        errors.append(f"{path}: expected {name}, found {found}")
        return None
    if isinstance(value, str) and (problem := _problem_of_text(value)):
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


def _problem_of_text(text: str) -> str:
    if len(text) > MAX_TEXT:
        return f"expected {MAX_TEXT} characters at most, found {len(text)}"
    # JSON can spell halves of characters, variables can hold any bytes; neither can be sent on.
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        return f"expected Unicode text without NUL, found {shown(text)}"
    return ""


def shown(value: Any) -> str:
    """What was found, in 60 characters at most, whatever it is."""
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # Python writes no integer of more than 4300 digits
        return "something too deep or too large to be shown"
    return text if len(text) <= 60 else text[:57] + "..."
