"""Loads the policy: default.toml, the company's own file over it, and each customer's settings over both."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from orderdesk.domain.errors import ConfigurationError
from orderdesk.policy.model import Policy

Tree = dict[str, Any]

DEFAULT_NAME = "default.toml"


def load_policy(path: Path | None = None) -> Policy:
    """The policy in force.

    `path` is the company's own file (setting ORDERDESK_POLICY); it holds only what differs, and per customer
    tables such as [customers."C-100".prices]. Lists and single values replace the default, tables are merged.

    Raises ConfigurationError naming the file, the key and what was expected; nothing is loaded in part.
    """
    default = _parse(files("orderdesk.policy").joinpath(DEFAULT_NAME).read_text("utf-8"), DEFAULT_NAME)
    name = str(path) if path else DEFAULT_NAME
    own = _parse(_read(path), name) if path else {}
    per_customer = _customer_tables(own.pop("customers", {}), name)
    company = _build(default, own, name)
    merged = _merge(default, own)
    customers = {
        customer_id: _build(merged, table, name, within=f'customers."{customer_id}"')
        for customer_id, table in per_customer.items()
    }
    return company.model_copy(update={"customers": customers})


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the policy file {path} cannot be read ({error}); mend ORDERDESK_POLICY or the file"
        ) from error


def _parse(text: str, name: str) -> Tree:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"the policy file {name} is not valid TOML: {error}") from error


def _customer_tables(raw: object, name: str) -> dict[str, Tree]:
    tables = cast("dict[str, object]", raw) if isinstance(raw, dict) else {"": raw}
    for customer_id, table in tables.items():
        if not isinstance(table, dict):
            raise ConfigurationError(
                f"{name}: customers holds one table per customer and section, for example "
                f'[customers."C-100".prices]; {customer_id or "what stands there"} is not a table'
            )
        if "customers" in table:
            raise ConfigurationError(
                f"{name}: customers.{customer_id}.customers: one customer's settings cannot hold another's"
            )
    return cast("dict[str, Tree]", tables)


def _build(base: Tree, own: Tree, name: str, *, within: str = "") -> Policy:
    problems = [_sentence(name, within, loc, text) for loc, text in _wrong_kinds(base, own)]
    if not problems:
        try:
            return Policy.model_validate(_merge(base, own))
        except ValidationError as error:
            problems = [
                _sentence(name if _stands_in(own, _keys(item)) else DEFAULT_NAME, within, *_explain(item))
                for item in error.errors()
            ]
    raise ConfigurationError("\n".join(problems))


def _merge(base: Mapping[str, Any], own: Mapping[str, Any]) -> Tree:
    merged = dict(base)
    for key, value in own.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merge(merged[key], cast("Tree", value))
        else:
            merged[key] = value
    return merged


# What a TOML value is called, so that `partial_booking = "no"` or `limit = true` is refused: Pydantic would
# read the first as false and the second as 1.
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    ((int, Decimal), "a number"),
    (str, "text in quotes"),
    (list, "a list in [ ]"),
    (dict, "a table"),
)


def _kind(value: object) -> str:
    return next((name for types, name in _KINDS if isinstance(value, types)), type(value).__name__)


def _wrong_kinds(base: Tree, own: Tree, loc: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Values of another kind than the default they replace; other keys are Pydantic's to judge."""
    for key, value in own.items():
        if key not in base:
            continue
        expected, found = _kind(base[key]), _kind(value)
        if expected != found:
            yield (*loc, key), f"expected {expected}, found {found}"
        elif isinstance(value, dict):
            yield from _wrong_kinds(base[key], cast("Tree", value), (*loc, key))


def _keys(item: Any) -> tuple[str | int, ...]:
    # Pydantic marks a bad key of a table with a last part of its own
    return tuple(key for key in item["loc"] if key != "[key]")


def _explain(item: Any) -> tuple[tuple[str | int, ...], str]:
    loc = _keys(item)
    if item["type"] == "value_error":
        return loc, str(item["msg"]).removeprefix("Value error, ")
    if item["type"] != "extra_forbidden":
        return loc, f"{item['msg']}, found {item['input']!r}"
    known = _known_keys(loc[:-1])
    near = get_close_matches(str(loc[-1]), known, n=1, cutoff=0.0)
    return loc, f"is not a key of the policy; the nearest known key is {near[0] if near else '(none)'}"


def _known_keys(loc: tuple[str | int, ...]) -> list[str]:
    model: type[BaseModel] = Policy
    for key in loc:
        field = model.model_fields.get(str(key))
        if field is None or not (
            isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        ):
            return []
        model = field.annotation
    return [key for key in model.model_fields if key != "customers"]


def _stands_in(tree: Tree, loc: tuple[str | int, ...]) -> bool:
    node: object = tree
    for key in loc:
        if not isinstance(node, dict):
            return isinstance(node, list)
        if key not in node:
            return False
        node = node[str(key)]
    return True


def _sentence(name: str, within: str, loc: tuple[str | int, ...], text: str) -> str:
    key = ".".join([*([within] if within else []), *map(str, loc)])
    return f"{name}: {key}: {text}"
