"""Whether a saved state is one that today's code can go on from: its version, and that nothing in it is damaged.

LangGraph brings a value back unchecked where its class no longer takes it, and as plain data where the class has gone;
a node that meets either would fail somewhere, or decide on half an order.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, TypeAdapter, ValidationError

from graphs.state import OLDEST_STATE_VERSION, STATE_VERSION, DeskState, Unfinished, merged

Age = Literal["readable", "newer", "older"]


def age_of(values: Mapping[str, Any]) -> Age:
    """How a state's version stands to ours. Before its intake a state has none, and is anybody's."""
    version = values.get("version")
    if not isinstance(version, int) or OLDEST_STATE_VERSION <= version <= STATE_VERSION:
        return "readable"
    return "newer" if version > STATE_VERSION else "older"


def damage_in(values: Mapping[str, Any]) -> str:
    """What in a state of our version is not what it should be, for a log; '' = nothing."""
    try:
        _shape().validate_python(dict(values), strict=True)
        for value in values.values():
            _check(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{place or error.title}: {first['msg']}"
    except ValueError as error:
        return str(error).partition("\n")[0]
    return ""


def damage_in_update(update: Mapping[str, Any]) -> str:
    """The same of what a node has written and no checkpoint holds yet; there, None starts a merged value over."""
    return damage_in(
        {k: value for k, value in update.items() if value is not None or k not in _merged_keys()}
    )


@cache
def _merged_keys() -> frozenset[str]:
    hints = get_type_hints(DeskState, include_extras=True)
    return frozenset(key for key, hint in hints.items() if merged in getattr(hint, "__metadata__", ()))


@cache
def _shape() -> TypeAdapter[DeskState]:
    return TypeAdapter(DeskState)


def _check(value: Any) -> None:
    """Validate what claims to be a value of ours, as it may have been put together unchecked. Raises ValueError."""
    if isinstance(value, BaseModel):
        if type(value).model_validate(value.model_dump(warnings=False)) != value:
            raise ValueError(f"{type(value).__name__}: its parts are not of their classes")
    elif isinstance(value, dict):
        for part in value.values():  # pyright: ignore[reportUnknownVariableType]
            if isinstance(part, Unfinished):
                _check(part)
