"""What an evaluation runs over: messages, what should become of them, and the company that receives them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from orderdesk.demo import company_folder, expected_outcomes, inbox_folder, reference_date
from orderdesk.domain.errors import ConfigurationError

# A case as it should come out, in the words of `process --json`. A key that is absent is not judged; null means
# that it must stay unknown. A line may add booked_quantity, booked_uom and booked_unit_price where what should be
# booked is not what was stated.
ExpectedCase: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """One inbound message with its truth."""

    name: str
    path: Path
    # The cases the message should become, in their order; None: nobody wrote down a truth.
    cases: tuple[ExpectedCase, ...] | None
    # False: whoever sent it is no customer of this company, so a booking is wrong whatever it holds.
    bookable: bool = True


@dataclass(frozen=True)
class Dataset:
    """Samples that are processed in their order by one company, on one business date."""

    name: str
    company: Path
    samples: tuple[Sample, ...]
    # None: each message counts for its own date.
    as_of: date | None
    # The truth was written against the default policy, not against this company's own.
    default_policy: bool
    # Outcomes that differ from the truth close the gate, not only wrong bookings.
    gates_outcomes: bool


def sample_inbox() -> Dataset:
    """The demo company's inbox with the outcomes it should have."""
    return Dataset(
        name="inbox",
        company=company_folder(),
        samples=_samples(inbox_folder(), expected_outcomes()),
        as_of=reference_date(),
        default_policy=True,
        gates_outcomes=True,
    )


def folder_dataset(folder: Path, as_of: date | None) -> Dataset:
    """A company's own dataset: `company/` (master data), `inbox/` (messages) and `expected.json`.

    expected.json maps a file name to the list of cases it should become. Raises ConfigurationError.
    """
    truth = folder / "expected.json"
    for part in (folder / "company", folder / "inbox", truth):
        if not part.exists():
            raise ConfigurationError(
                f"{part} is missing: a dataset is a folder with company/, inbox/ and expected.json in it."
            )
    try:
        expected = json.loads(truth.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise ConfigurationError(f"Cannot read {truth} ({error}): mend it.") from error
    if not isinstance(expected, dict) or not all(isinstance(cases, list) for cases in expected.values()):
        raise ConfigurationError(f"{truth} must map each file name to a list of cases.")
    unknown = sorted(set(expected) - {path.name for path in (folder / "inbox").iterdir()})
    if unknown:
        raise ConfigurationError(f"{truth} names {unknown[0]}, which is not in {folder / 'inbox'}.")
    return Dataset(
        name=folder.resolve().name,
        company=folder / "company",
        samples=_samples(folder / "inbox", expected),
        as_of=as_of,
        default_policy=False,
        gates_outcomes=True,
    )


def _samples(inbox: Path, expected: dict[str, list[ExpectedCase]]) -> tuple[Sample, ...]:
    files = sorted(path for path in inbox.iterdir() if path.is_file() and not path.name.startswith("."))
    if not files:
        raise ConfigurationError(f"{inbox} holds no messages: there is nothing to evaluate.")
    return tuple(
        Sample(name=f.name, path=f, cases=tuple(expected[f.name]) if f.name in expected else None)
        for f in files
    )
