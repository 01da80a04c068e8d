"""Reads a model's answer: complete, within the cap and exactly in its form, or not at all; nothing is repaired."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from tools.models.asked import strict_schema
from tools.models.contract import Closed, T
from tools.models.errors import InvalidAnswer

# The longest answer that is looked at, in characters.
MAX_TEXT = 200_000
FAULTS_SHOWN = 5
FAULT_LENGTH = 160


def read_answer(answer: type[T], content: object) -> T:
    """The value in the text of an answer. Raises InvalidAnswer naming what is wrong with its form."""
    if not isinstance(content, str) or not content.strip():
        raise InvalidAnswer("it is empty")
    if len(content) > MAX_TEXT:
        raise InvalidAnswer("it is far too long")
    if "\\u0000" in content or "\x00" in content:
        raise InvalidAnswer("it holds a NUL character")
    try:
        json.loads(content, object_pairs_hook=_once)
        return answer.model_validate_json(content)
    except ValidationError as error:
        raise InvalidAnswer(_faults(answer, error)) from None
    except json.JSONDecodeError as error:
        raise InvalidAnswer(f"it is not one complete JSON object: {error.msg.lower()}") from None
    except (RecursionError, ValueError):
        raise InvalidAnswer("it is not one JSON object of the required form") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are given once: a second `lines` would silently replace the first."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidAnswer("a name is given twice in one object")
    return found


def _faults(answer: type[Closed], error: ValidationError) -> str:
    """Where and why, in the schema's own words: never a value, nor a name that the model made up."""
    known = _names(strict_schema(answer))
    faults = [
        f"{'.'.join(_part(part, known) for part in fault['loc']) or 'the whole'}: {fault['msg'].lower()}"
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    more = f", and {len(faults) - FAULTS_SHOWN} more" if len(faults) > FAULTS_SHOWN else ""
    return "; ".join(fault[:FAULT_LENGTH].rstrip(".") for fault in faults[:FAULTS_SHOWN]) + more


def _part(part: int | str, known: set[str]) -> str:
    return str(part) if isinstance(part, int) or part in known else "(another name)"


def _names(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {name for part in schema for name in _names(part)}
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", ())) | {name for part in schema.values() for name in _names(part)}
