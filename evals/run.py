"""An evaluation: every message of a dataset through the real system, on a throw-away database."""

from __future__ import annotations

from collections.abc import Callable

from evals.feedback import Output
from evals.offline import evaluate_offline
from evals.samples import Dataset
from evals.summary import Summary, summarise
from evals.throwaway import throwaway_house
from orderdesk.settings import Settings


async def run_evaluation(
    settings: Settings, dataset: Dataset, *, on_message: Callable[[str], None] = lambda _: None
) -> Summary:
    """Process each message to its first stop and sum up how that compares with the truth.

    `on_message` hears each message's name before it is processed. Raises DatabaseUnavailable, MasterDataError.
    """
    paths = {sample.name: sample.path for sample in dataset.samples}
    async with throwaway_house(settings, dataset.company, default_policy=dataset.default_policy) as house:

        async def process(name: str) -> Output:
            on_message(name)
            raw = paths[name].read_bytes()
            stored = await house.cases.submit(raw, name, channel="evaluation", as_of=dataset.as_of)
            reports = [await house.cases.drive(case_id) for case_id in stored.case_ids]
            whys = [await house.cases.why(case_id) for case_id in stored.case_ids]
            return {"reports": reports, "whys": whys}

        rows = await evaluate_offline(dataset, process)
    return summarise(dataset, rows)
