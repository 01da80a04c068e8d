"""`orderdesk eval run|gate` and `bench`: how good the desk is, and what an order costs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from evals.bench.order_cost import measure
from evals.bench.printing import print_cost
from evals.corpus import corpus_dataset, default_corpus, has_corpus
from evals.printing import as_json, print_summary
from evals.run import run_evaluation
from evals.samples import Dataset, folder_dataset, sample_inbox
from evals.summary import Summary
from orderdesk.commands.running import command, settings
from orderdesk.domain.errors import ConfigurationError, OrderDeskError


def _which(body: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is evaluated."""
    for option in (
        click.option("--json", "as_json_", is_flag=True, help="One JSON object instead of tables."),
        click.option(
            "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The business date of a FOLDER's messages."
        ),
        click.option(
            "--corpus", type=click.Path(path_type=Path), envvar="ORDERDESK_CORPUS", default=default_corpus,
            help="Folder of public order files.  [default: ../shared/corpus beside the checkout]",
        ),
        click.option(
            "--dataset", metavar="inbox|corpus|FOLDER",
            help="What to evaluate; a FOLDER has company/, inbox/ and expected.json.  "
            "[default: inbox, and the corpus where it is present]",
        ),
    ):  # fmt: skip
        body = option(body)
    return body


@click.group("eval")
def eval_group() -> None:
    """Measure the desk against messages whose right outcome is known, on a throw-away database."""


@eval_group.command()
@_which
@command
async def run(dataset: str | None, corpus: Path, as_of: datetime | None, as_json_: bool) -> None:
    """Run the evaluation and print it; exit 0 when it ran, whatever it shows."""
    await _evaluate(_datasets(dataset, corpus, as_of), as_json_)


@eval_group.command()
@_which
@command
async def gate(dataset: str | None, corpus: Path, as_of: datetime | None, as_json_: bool) -> None:
    """Run the evaluation; exit 1 on any wrong booking, or on an outcome that is not the expected one."""
    summaries = await _evaluate(_datasets(dataset, corpus, as_of), as_json_)
    reasons = [reason for summary in summaries for reason in summary.gate_reasons]
    if reasons:
        raise OrderDeskError("The gate is closed: " + "; ".join(reasons) + ".")
    click.echo("The gate is open.", err=True)


@click.command()
@click.option("--orders", default=50, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--profile", is_flag=True, help="Also the ten most expensive functions; slows everything down.")
@command
async def bench(orders: int, profile: bool) -> None:
    """What a structured order costs: checkpoints, commits, CPU and time, on a throw-away database."""
    from orderdesk.worker import work

    print_cost(await measure(settings(), orders, profile=profile, work=work), Console())


async def _evaluate(datasets: list[Dataset], as_json_: bool) -> list[Summary]:
    known = settings()
    summaries: list[Summary] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=as_json_) as progress:
        for dataset in datasets:
            task = progress.add_task(f"{dataset.name}: making a database", total=len(dataset.samples))
            begun = 0

            def on_message(name: str, task: Any = task) -> None:
                nonlocal begun
                progress.update(task, description=name[:40], completed=begun)
                begun += 1

            summaries.append(await run_evaluation(known, dataset, on_message=on_message))
            progress.remove_task(task)
    if as_json_:
        click.echo(json.dumps({"datasets": [as_json(s) for s in summaries]}, ensure_ascii=False))
    else:
        for summary in summaries:
            print_summary(summary, Console())
    return summaries


def _datasets(name: str | None, corpus: Path, as_of: datetime | None) -> list[Dataset]:
    if name is None:
        if has_corpus(corpus):
            return [sample_inbox(), corpus_dataset(corpus)]
        click.echo(f"No public order files in {corpus}: the inbox alone is evaluated.", err=True)
        return [sample_inbox()]
    if name == "inbox":
        return [sample_inbox()]
    if name == "corpus":
        return [corpus_dataset(corpus)]
    if not Path(name).is_dir():
        raise ConfigurationError(f"{name!r} is neither inbox, corpus nor a folder: name one of them.")
    return [folder_dataset(Path(name), as_of.date() if as_of else None)]
