"""The letters' texts from their files: filled in strictly, every value cleaned."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, cast

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template, UndefinedError

from agents.correspondent.text import clean

_PACKAGE = "agents.correspondent"

Sentences = Mapping[str, Any]


def render_letter(language: str, name: str, values: Mapping[str, object]) -> str:
    """The letter `templates/<language>/<name>.txt`; a value the template needs and lacks is an error."""
    return _environment().get_template(f"{language}/{name}.txt").render(values)


def fill(sentence: str, values: Mapping[str, object]) -> str:
    """One sentence, filled in. Raises jinja2.UndefinedError where a value is missing."""
    return _compiled(sentence).render(values)


def first_complete(variants: Sequence[str], values: Mapping[str, object]) -> str | None:
    """The first variant whose every value is known; None where there is none. Most specific comes first."""
    for variant in variants:
        try:
            return fill(variant, values)
        except UndefinedError:
            continue
    return None


@cache
def questions(language: str) -> Sentences:
    """`questions/<language>.toml`: per finding code its question, and choices worded for the customer."""
    return _toml("questions", language)


@cache
def wording(language: str) -> Sentences:
    """`wording/<language>.toml`: units, fields, differences, refusals."""
    return _toml("wording", language)


def variants_of(sentences: Sentences, table: str, key: str) -> tuple[str, ...]:
    """The sentences under [table] key, most specific first; none where there is no such entry."""
    entry: object = cast("Mapping[str, object]", sentences[table]).get(key, ())
    return (entry,) if isinstance(entry, str) else tuple(cast("Sequence[str]", entry))


def unit_name(language: str, code: str) -> str:
    """The unit's name in the language; the code itself where the language has none for it."""
    return cast("Mapping[str, str]", wording(language)["units"]).get(code, code)


def _toml(folder: str, language: str) -> Sentences:
    return tomllib.loads(files(_PACKAGE).joinpath(folder, f"{language}.toml").read_text("utf-8"))


@cache
def _compiled(sentence: str) -> Template:
    # Only sentences of our own files come here, so the cache is as small as they are.
    return _environment().from_string(sentence)


def _template(name: str) -> str:
    return files(_PACKAGE).joinpath("templates", name).read_text("utf-8")


def _cleaned(value: object) -> str:
    return clean(str(value))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_template),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 -- plain text; every value goes through `clean` below
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
