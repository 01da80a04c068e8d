"""Every finding the matcher can make: its code, what it means, and how one is made."""

from __future__ import annotations

from collections.abc import Iterable

from orderdesk.domain.findings import Finding, Severity
from orderdesk.domain.master import Product

# code -> (severity it is usually made with, meaning). The code names the question template, too.
CODES: dict[str, tuple[str, str]] = {
    "ambiguous_customer": ("clarify", "the sender's identifiers fit several accounts"),
    "customer_by_name_only": ("approve", "only the company's name fits an account"),
    "unknown_customer": ("approve", "nothing in the message fits an account"),
    "sender_domain_mismatch": ("approve, hold", "the order names an account, but the sender is not from it"),
    "data_unknown_sender": ("info", "the account has no address on file to compare the sender with"),
    "customer_blocked": ("approve, hold", "the account is blocked"),
    "ship_to_new": ("clarify or approve", "the stated address is not on file"),
    "ship_to_unclear": ("clarify", "several addresses on file could be meant"),
    "ship_to_per_line": ("approve", "lines go to different addresses"),
    "data_unknown_ship_to": ("info", "no addresses are on file for the account, so none could be checked"),
    "ambiguous_article": ("clarify", "several articles fit a line"),
    "article_unconfirmed": ("clarify", "one article fits, but nothing confirms it yet"),
    "article_numbers_disagree": ("clarify", "the numbers of a line name different articles"),
    "number_description_mismatch": ("clarify", "an article number and the description beside it disagree"),
    "unknown_article": ("clarify", "no article fits a line"),
    "article_superseded": ("info or clarify", "the article has a successor"),
    "article_discontinued": ("clarify", "the article is no longer sold"),
    "article_restricted": ("approve", "the article may not be sold to everyone"),
    "same_as_last_time": ("clarify", "the order refers to an earlier one"),
    "quantity_missing": ("clarify", "a line names no quantity"),
    "quantity_not_positive": ("reject", "a quantity is zero or below"),
    "quantity_fractional": ("clarify", "a quantity is not a whole number of what cannot be divided"),
    "unit_unclear": ("clarify", "a line names no unit, or one we do not know"),
    "unit_factor_missing": ("clarify", "the article is not sold in the stated unit"),
    "data_unknown_unit": ("approve", "the article's base unit is not in the master data"),
    "pack_rounded_up": ("info", "the quantity was rounded up to whole packs"),
    "pack_not_multiple": ("clarify", "the quantity is not a multiple of the pack"),
    "below_minimum": ("clarify", "the quantity is below the article's minimum order"),
    "area_converted": ("clarify or info", "area or length was turned into boxes or rolls"),
    "correction_invalid": ("approve", "a reviewer's edit names something that does not exist"),
}


def finding(
    code: str,
    severity: Severity,
    path: str,
    message: str,
    *,
    hold: bool = False,
    facts: dict[str, str] | None = None,
    options: Iterable[str] = (),
) -> Finding:
    """A finding with a code of the table above; what a customer can settle carries its question's name."""
    assert code in CODES, f"{code} is not in the matcher's table of findings"
    return Finding(
        code=code,
        severity=severity,
        path=path,
        message=message,
        hold=hold,
        question=code if severity == "clarify" else "",
        facts=facts or {},
        options=tuple(options),
    )


def option(product: Product) -> str:
    """An article as a choice in a question."""
    return f"{product.sku} — {product.description}"


def line_path(index: int, name: str = "") -> str:
    """The path of a line or of one of its fields; `index` is 0-based."""
    return f"lines[{index}].{name}" if name else f"lines[{index}]"
