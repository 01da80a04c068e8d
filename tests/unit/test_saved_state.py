"""What of a saved state or of a node's kept writes counts as damage, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from graphs.saved_state import damage_in, damage_in_update
from graphs.state import Unfinished, started_over


def test_what_starts_a_case_over_is_no_damage_where_its_node_was_killed_behind_it() -> None:
    assert damage_in_update(started_over({"hops": 3})) == ""


@pytest.mark.parametrize("key", ["failures", "trails", "timings", "hops", "facts"])
def test_none_is_damage_in_a_state_that_cannot_hold_it(key: str) -> None:
    assert damage_in({key: None}).startswith(f"{key}: ")


@pytest.mark.parametrize(
    ("update", "where"),
    [
        ({"failures": "reader"}, "failures"),
        ({"failures": {"reader": 3}}, "failures.reader"),
        ({"hops": None}, "hops"),
        ({"trails": None, "corrections": None}, "corrections"),
        ({"failures": {"reader": Unfinished.model_construct(why=3)}}, "why"),
    ],
)
def test_writes_that_no_node_makes_are_damage(update: dict[str, Any], where: str) -> None:
    assert where in damage_in_update(update)
