"""A worker that cannot complete a case says why, what is needed and what it tried; a fault is told from that."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from graphs.workers.base import CannotComplete, WorkerGives, WorkerKeeps, build_worker
from tools.models.contract import RungTried, Trail


class Takes(TypedDict, total=False):
    """What the worker here takes."""

    text: str


class Gives(WorkerGives, total=False):
    """What it gives."""

    draft: str


class State(Takes, Gives, WorkerKeeps, total=False):
    """Both."""


async def gives(error: Exception | None) -> dict[str, Any]:
    """What a worker gives whose judgement ends in this error."""

    async def gather(state: Any) -> str:
        return state["text"]

    async def judge(given: str) -> dict[str, Any]:
        if error is not None:
            raise error
        return {"draft": given, "trails": {}}

    worker = build_worker(
        "reader", state=State, takes=Takes, gives=Gives, gather=gather, judge=judge, about="Read."
    )
    return await worker.compile().ainvoke({"text": "twelve boxes"})


async def test_a_worker_that_finishes_gives_its_result_and_nothing_empty() -> None:
    given = await gives(None)
    assert given.pop("timings").keys() == {"reader"}
    assert given == {"draft": "twelve boxes"}


async def test_i_cannot_complete_this_is_a_result_with_what_was_tried() -> None:
    trail = Trail(rungs=(RungTried(rung="primary", outcome="refused", tries=1, ms=20),))
    given = await gives(CannotComplete("No model may read this.", needed="read it yourself", trail=trail))
    said = given["failures"]["reader"]
    assert (said.why, said.needed, said.fault) == ("No model may read this.", "read it yourself", False)
    assert Trail.model_validate(given["trails"]["reader"]) == trail


async def test_what_nobody_foresaw_is_a_fault_of_ours() -> None:
    said = (await gives(KeyError("sku")))["failures"]["reader"]
    assert said.fault
    assert "KeyError" in said.why
