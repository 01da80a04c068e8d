"""Who caught an error of the model: told from the findings' codes and places. The one place where that is written."""

from __future__ import annotations

from typing import Any, Literal

from tests.faults.wrong_model_errors import ModelError

Catcher = Literal["evidence", "cross-check", "master data", "policy", "person", "harmless"]
CATCHERS: tuple[Catcher, ...] = ("evidence", "cross-check", "master data", "policy", "person", "harmless")

# The first one in this order counts. Any other code that stops a case is policy's.
CAUGHT_BY: dict[str, Catcher] = {
    # the quote stands nowhere, or the value does not follow from it
    "model_evidence_missing": "evidence",
    "model_value_unfounded": "evidence",
    # the rules read it otherwise, or not at all
    "readings_differ": "cross-check",
    "read_by_model_only": "cross-check",
    "line_unclear": "cross-check",
    "unread_text": "cross-check",
    # our own data know nothing like it
    "unknown_customer": "master data",
    "unknown_article": "master data",
    "ambiguous_article": "master data",
    "article_numbers_disagree": "master data",
    "article_unconfirmed": "master data",
    "number_description_mismatch": "master data",
    "quantity_fractional": "master data",
    "quantity_missing": "master data",
    "pack_not_multiple": "master data",
    "ship_to_new": "master data",
    "ship_to_unclear": "master data",
    "unit_factor_missing": "master data",
    "unit_unclear": "master data",
    "unit_unknown": "master data",
}
# Said of a whole order that only the model read: it points at no error, it makes a person compare.
_COMPARE = ("read_by_model_only", "lines")
_FIELDS = ("article", "quantity", "uom", "unit_price", "requested_date")


def caught_by(error: ModelError, report: dict[str, Any], *, stands: bool) -> Catcher:
    """Who kept an error from being booked. `stands`: the wrong value stands in the order that is waiting or booked."""
    waits = report["outcome"] in ("waiting_review", "waiting_customer")
    for places in _places(error.path):  # what points at the very place first, then at what holds it
        said = (f for f in report["findings"] if f["path"] in places and _means(error, f))
        by_code = {_catcher(finding, waits=waits) for finding in said}
        for catcher in CATCHERS:
            if catcher in by_code:
                return catcher
    return "person" if stands and waits else "harmless"


def _catcher(finding: dict[str, Any], *, waits: bool) -> Catcher | None:
    named = CAUGHT_BY.get(finding["code"])
    if named in ("evidence", "cross-check"):
        return named  # also as a note: the value was left out
    if finding["severity"] == "info" or not waits:
        return None
    return named or "policy"


def _places(path: str) -> tuple[tuple[str, ...], ...]:
    """The places findings name, from the very one of an error to those that hold it."""
    line, dot, _ = path.partition(".")
    if not path.startswith("lines"):
        return ((path,),)
    return (
        ((path,), (line, "lines"))
        if dot
        else ((line, "lines"), tuple(f"{line}.{field}" for field in _FIELDS))
    )


def _means(error: ModelError, finding: dict[str, Any]) -> bool:
    """Findings about all lines name the article they mean."""
    if (finding["code"], finding["path"]) == _COMPARE:
        return False
    return finding["path"] != "lines" or not error.part or error.part in finding["message"]
