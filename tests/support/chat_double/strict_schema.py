"""The rules that OpenAI sets for strict JSON schemas, and the smallest answer that fits one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
# Keywords that a strict schema may not hold.
FORBIDDEN = (
    "allOf", "oneOf", "not", "if", "then", "else", "default", "dependentRequired", "dependentSchemas",
    "patternProperties", "propertyNames", "unevaluatedProperties", "uniqueItems", "contains", "minLength", "maxLength",
)  # fmt: skip
MOST_PROPERTIES = 5000
DEEPEST = 10


def breach_of_request(body: dict[str, Any]) -> str:
    """What OpenAI would say against the response format of a request; '' = nothing.

    A request without a strict schema is a breach here: the desk never sends one.
    """
    wanted = body.get("response_format")
    if not isinstance(wanted, dict) or wanted.get("type") != "json_schema":
        return "Missing required parameter: 'response_format' of type 'json_schema'."
    form = wanted.get("json_schema")
    if not isinstance(form, dict) or not NAME.fullmatch(str(form.get("name", ""))):
        return "Invalid 'response_format.json_schema.name': expected a string of letters, digits, _ and -."
    if form.get("strict") is not True:
        return "Invalid 'response_format.json_schema.strict': expected true."
    found = breach_of_strict(form.get("schema"))
    return f"Invalid schema for response_format '{form['name']}': {found}" if found else ""


def breach_of_strict(schema: Any) -> str:
    """The first breach of the strict rules in a schema, as OpenAI words it; '' = none."""
    if not isinstance(schema, dict):
        return "schema must be a JSON Schema of 'type: \"object\"', got 'None'."
    if schema.get("type") != "object" or "anyOf" in schema:
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: {schema.get('type')!r}'."
    if found := next(_breaches(schema, ()), ""):
        return found
    properties = sum(len(part.get("properties", {})) for part in _parts(schema))
    if properties > MOST_PROPERTIES:
        return f"Expected at most {MOST_PROPERTIES} object properties in total, got {properties}."
    depth = _depth(schema, schema, 0)
    return f"{depth} levels of nesting exceeds limit of {DEEPEST}." if depth > DEEPEST else ""


def sample_from_schema(schema: Schema, root: Schema | None = None) -> Any:
    """The smallest instance of a strict schema."""
    root = root or schema
    if "$ref" in schema:
        return sample_from_schema(_resolved(schema["$ref"], root), root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        simplest = next((s for s in schema["anyOf"] if s.get("type") == "null"), schema["anyOf"][0])
        return sample_from_schema(simplest, root)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = "null" if "null" in kind else kind[0]
    if kind == "object":
        return {name: sample_from_schema(part, root) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample_from_schema(schema["items"], root) for _ in range(schema.get("minItems", 0))]
    return {"integer": schema.get("minimum", 1), "number": 1.0, "boolean": True, "null": None}.get(
        kind or "", "x"
    )


def _breaches(schema: Schema, path: tuple[str, ...]) -> Iterator[str]:
    where = f"In context={path!r}, "
    if "$ref" in schema and len(schema) > 1:
        yield f"{where}$ref cannot have keywords {sorted(set(schema) - {'$ref'})}."
    for keyword in FORBIDDEN:
        if keyword in schema:
            yield f"{where}'{keyword}' is not permitted."
    if schema.get("type") == "object" or "properties" in schema:
        if schema.get("additionalProperties") is not False:
            yield f"{where}'additionalProperties' is required to be supplied and to be false."
        properties, required = schema.get("properties", {}), schema.get("required", [])
        if missing := [name for name in properties if name not in required]:
            yield (
                f"{where}'required' is required to be supplied and to be an array including every key in "
                f"properties. Missing '{missing[0]}'."
            )
        if extra := [name for name in required if name not in properties]:
            yield f"{where}'required' names '{extra[0]}', which is no property."
    if schema.get("type") == "array" and "items" not in schema:
        yield f"{where}array schema missing items."
    if not schema.keys() & {"type", "$ref", "anyOf", "enum", "const"}:
        yield f"{where}schema must have a 'type' key."
    for name, part in _children(schema):
        yield from _breaches(part, (*path, *name))


def _children(schema: Schema) -> Iterator[tuple[tuple[str, ...], Schema]]:
    for group in ("properties", "$defs", "definitions"):
        for name, part in schema.get(group, {}).items():
            yield (group, name), part
    if isinstance(schema.get("items"), dict):
        yield ("items",), schema["items"]
    for number, part in enumerate(schema.get("anyOf", [])):
        yield ("anyOf", str(number)), part


def _parts(schema: Schema) -> Iterator[Schema]:
    yield schema
    for _, part in _children(schema):
        yield from _parts(part)


def _depth(schema: Schema, root: Schema, above: int) -> int:
    """Levels of objects; a schema that refers to itself is cut at the limit."""
    if above > DEEPEST:
        return above
    if "$ref" in schema:
        return _depth(_resolved(schema["$ref"], root), root, above)
    here = above + (schema.get("type") == "object")
    below = [part for name, part in _children(schema) if name[0] not in ("$defs", "definitions")]
    return max([here, *(_depth(part, root, here) for part in below)])


def _resolved(reference: str, root: Schema) -> Schema:
    node: Any = root
    for part in reference.removeprefix("#").split("/")[1:]:
        node = node[part]
    return node
