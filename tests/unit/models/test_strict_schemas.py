"""Every form that a model is asked to fill keeps the rules of strict schemas, and so does the question."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

import pytest

import agents
from tests.support.chat_double import breach_of_strict
from tools.models.asked import ask_again, asked, strict_schema
from tools.models.contract import Closed, Question
from tools.models.prompts import Prompt


def _forms() -> list[type[Closed]]:
    for module in pkgutil.walk_packages(agents.__path__, "agents."):
        if ".model" in module.name:
            import_module(module.name)
    forms, found = [Closed], list[type[Closed]]()
    while forms:
        deeper = [form for form in forms.pop().__subclasses__() if form.__module__.startswith("agents.")]
        forms += deeper
        found += deeper
    return sorted(found, key=lambda form: form.__qualname__)


FORMS = _forms()
PROMPT = Prompt(
    name="p", version=1, description="", parameters=("a",), system="s", user="u {{a}}", fingerprint="f"
)


def test_there_are_forms() -> None:
    assert "OrderReading" in {form.__name__ for form in FORMS}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_is_strict(form: type[Closed]) -> None:
    schema = strict_schema(form)
    assert breach_of_strict(schema) == ""
    assert not list(_references_with_company(schema)), "a $ref stands alone in a strict schema"


def _references_with_company(schema: Any) -> list[Any]:
    parts = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    found = [schema] if isinstance(schema, dict) and "$ref" in schema and len(schema) > 1 else []
    return found + [each for part in parts for each in _references_with_company(part)]


def _question(**changes: Any) -> Question[Any]:
    return Question(
        **(
            {"case_id": "c", "agent": "reader", "prompt": PROMPT, "values": {"a": "1"}, "answer": FORMS[0]}
            | changes
        )
    )


def test_what_decides_the_answer_is_in_the_hash_and_nothing_else() -> None:
    same = asked(_question())
    assert asked(_question(case_id="other", priority=3)).input_hash == same.input_hash
    for changed in (
        _question(values={"a": "2"}), _question(answer=FORMS[1]),
        _question(prompt=PROMPT.model_copy(update={"fingerprint": "g"})),
        _question(prompt=PROMPT.model_copy(update={"system": "t"})),
    ):  # fmt: skip
        assert asked(changed).input_hash != same.input_hash


def test_a_second_question_holds_the_first_and_the_fault() -> None:
    first = asked(_question(values={"a": "text with {{question}} and {{fault}}"}))
    again = ask_again(first, "lines.0.quantity: field required")
    assert again.system == first.system
    assert again.user.startswith(first.user)
    assert again.user.count("lines.0.quantity: field required") == 1
    assert again.input_hash == first.input_hash
