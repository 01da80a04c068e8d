"""LangSmith's `aevaluate` without LangSmith: nothing is sent, and no connection is ever opened.

`upload_results=False` alone would switch tracing on and call the service. A client that samples nothing, batches
nothing and believes it knows the server keeps everything in this process; a test fails on any socket.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from langsmith import Client, aevaluate
from langsmith.evaluation import EvaluationResult, EvaluationResults
from langsmith.run_helpers import tracing_context
from langsmith.schemas import Example

from evals.feedback import EVALUATORS, Evaluator, Feedback, Output
from evals.samples import Dataset, Sample
from orderdesk.domain.errors import OrderDeskError
from orderdesk.domain.ids import NAMESPACE

Target = Callable[[str], Awaitable[Output]]
# Examples carry a creation time; a fixed one keeps them equal from run to run.
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """One message of an evaluation: its figures, or the error that kept it from having any."""

    message: str
    output: Output
    feedback: tuple[Feedback, ...]
    error: str | None = None


async def evaluate_offline(
    dataset: Dataset, target: Target, *, evaluators: Sequence[Evaluator] = EVALUATORS
) -> list[Row]:
    """Run `target` on each sample of the dataset, one after another in order, and judge what it returns.

    `target` gets a sample's name. An error of its own makes a row with `error`; raises OrderDeskError where an
    evaluator fails, as a figure that is missing in silence would look like a good one.
    """
    examples = [_example(dataset.name, sample) for sample in dataset.samples]
    names = {example.id: sample.name for example, sample in zip(examples, dataset.samples, strict=True)}

    async def run(inputs: dict[str, Any]) -> dict[str, Any]:
        # aevaluate switches tracing on around its target; the order desk's own graph must not hear of it.
        with tracing_context(enabled=False):
            return await target(inputs["message"])

    with warnings.catch_warnings():
        # The one switch that keeps results here is marked as beta; that it still works is tested.
        warnings.filterwarnings("ignore", message="'upload_results' parameter is in beta")
        with contextlib.redirect_stdout(io.StringIO()):  # it announces itself on standard output
            results = await aevaluate(
                run,
                data=examples,
                evaluators=[_as_theirs(evaluator) for evaluator in evaluators],
                client=_client(),
                upload_results=False,
                disable_evaluator_tracing=True,
                max_concurrency=0,
                experiment_prefix=dataset.name,
                blocking=False,
            )
    rows: dict[str, Row] = {}
    async for result in results:
        name = names[result["example"].id]
        rows[name] = _row(name, result["run"], result["evaluation_results"].get("results", []))
    return [rows[sample.name] for sample in dataset.samples]


def example_id(dataset: str, message: str) -> UUID:
    """The same message of the same dataset is the same example, run after run."""
    return uuid5(NAMESPACE, f"example:{dataset}:{message}")


def _client() -> Client:
    return Client(
        api_key="offline",
        api_url="http://127.0.0.1:9",  # discard: nothing listens, nothing is ever sent
        tracing_sampling_rate=0.0,
        auto_batch_tracing=False,
        omit_traced_runtime_info=True,
        info={},
    )


def _example(dataset: str, sample: Sample) -> Example:
    cases = None if sample.cases is None else list(sample.cases)
    return Example(
        id=example_id(dataset, sample.name),
        dataset_id=uuid5(NAMESPACE, f"dataset:{dataset}"),
        inputs={"message": sample.name},
        outputs={"cases": cases, "bookable": sample.bookable},
        created_at=_CREATED,
    )


def _as_theirs(evaluator: Evaluator) -> Callable[..., EvaluationResults]:
    name = getattr(evaluator, "__name__", "an evaluator")

    def judge(outputs: dict[str, Any], reference_outputs: dict[str, Any]) -> EvaluationResults:
        if "reports" not in outputs:  # the target failed, which its row says
            return {"results": []}
        try:
            found = list(evaluator(reference_outputs, outputs))
        except Exception as error:
            raise OrderDeskError(f"{name}: {error!r}") from error  # theirs would not say which one it was
        return {"results": [EvaluationResult(key=f.key, score=f.score, value=f.value) for f in found]}

    return judge


def _row(name: str, run: Any, results: Sequence[EvaluationResult]) -> Row:
    feedback: list[Feedback] = []
    for result in results:
        if not isinstance(result.score, int | float) or not isinstance(result.value, dict):
            raise OrderDeskError(f"An evaluator failed on {name}: {result.comment or 'no reason'}")
        feedback.append(Feedback(result.key, float(result.score), result.value))
    return Row(name, run.outputs or {}, tuple(feedback), error=_first_line(run.error))


def _first_line(error: str | None) -> str | None:
    return error.strip().splitlines()[0][:300] if error else None
