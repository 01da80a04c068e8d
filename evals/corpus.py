"""The public order files as a dataset: other people's files, read a second time to know what they state."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

from evals.samples import Dataset, ExpectedCase, Sample
from evals.truth import edifact, pdf, sheets, x12, xml_orders
from orderdesk.demo import company_folder, reference_date
from orderdesk.domain.errors import ConfigurationError

# Folder of the corpus -> the reading that knows its files.
READINGS: dict[str, Callable[[bytes], list[ExpectedCase] | None]] = {
    "x12": x12.cases_of,
    "edifact": edifact.cases_of,
    "ubl": xml_orders.cases_of,
    "cxml": xml_orders.cases_of,
    "opentrans": xml_orders.cases_of,
    "orderx": xml_orders.cases_of,
    "pdf": pdf.cases_of,
    "spreadsheet": sheets.cases_of,
}
_SAYS = re.compile(r"\b(?:SE|CTT|UNT|CNT) says \S+ real ")


def default_corpus() -> Path:
    """Where the public files stand beside a checkout; nobody has to have them."""
    return Path(__file__).resolve().parents[2] / "shared" / "corpus"


def has_corpus(folder: Path) -> bool:
    """Whether the public files are there."""
    return (folder / "MANIFEST.tsv").is_file()


def corpus_dataset(folder: Path) -> Dataset:
    """Every order file of the corpus, sent to a company none of whose customers sent it.

    So whatever is booked is booked wrongly, and the rest is judged by what the file itself states. Raises
    ConfigurationError where the folder holds no corpus.
    """
    if not has_corpus(folder):
        raise ConfigurationError(
            f"There is no MANIFEST.tsv in {folder}: set ORDERDESK_CORPUS to the folder of the public order files."
        )
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file, delimiter="\t") if row["file"].partition("/")[0] in READINGS
        ]
    company = folder / "company-adventureworks"
    return Dataset(
        name="corpus",
        company=company if company.is_dir() else company_folder(),
        samples=tuple(_sample(folder, row) for row in rows),
        as_of=reference_date(),
        default_policy=True,
        gates_outcomes=False,
    )


def _sample(folder: Path, row: dict[str, str]) -> Sample:
    file = row["file"]
    kind = file.partition("/")[0]
    cases = READINGS[kind]((folder / file).read_bytes())
    if cases == []:
        # A readable document that orders nothing becomes one case that says so.
        cases = [{"outcome": "not_an_order", "lines": []}]
    elif cases is not None and (codes := _codes(row)):
        cases = [{**case, "finding_codes": codes} for case in cases]
    return Sample(
        name=file, path=folder / file, cases=None if cases is None else tuple(cases), bookable=False
    )


def _codes(row: dict[str, str]) -> list[str]:
    """The findings that a file's true defects, as the manifest recomputed them, must lead to."""
    if "+" in row["doc_type"]:
        return []  # of several kinds of document: its counts do not say which of them they are of
    checks = row["checks"] or ""
    codes = ["control_count_wrong"] if _SAYS.search(checks) else []
    return [*codes, "document_totals_wrong"] if "MISMATCH" in checks else codes
