"""Payment and freight terms as stated against the account's."""

from __future__ import annotations

import re
import unicodedata

from agents.pricing.contract import PricingInput
from orderdesk.domain.findings import Finding

# Words that carry no term of their own, in the languages orders come in: "30 Tage netto" = "Net 30".
_FILLERS = {
    "net", "netto", "nets", "neto", "day", "days", "d", "tag", "tage", "tagen", "dia", "dias", "jour",
    "jours", "within", "innerhalb", "von", "after", "nach", "from", "of", "the", "date", "datum", "invoice",
    "rechnung", "rechnungsdatum", "rechnungseingang", "factura", "facture", "fecha", "payment", "payable",
    "zahlbar", "zahlung", "zahlungsziel", "paiement", "pago", "terms", "term", "conditions", "bedingungen",
    "due", "fallig", "a", "an", "der", "dem", "den", "des", "de", "la", "le", "les", "del", "desde", "ab",
    "in", "en",
}  # fmt: skip
# Incoterms 2020, and those of 2010 and 2000 still written.
_INCOTERMS = {
    "exw", "fca", "fas", "fob", "cfr", "cif", "cpt", "cip", "dap", "dpu", "ddp", "dat", "daf", "deq",
    "ddu",
}  # fmt: skip
# Who pays the freight: what "FOB" alone leaves open in North America.
_FREIGHT_PAID = {"origin", "destination", "collect", "prepaid"}


def check_terms(given: PricingInput) -> list[Finding]:
    """Terms the customer states that are not the account's: a person decides."""
    account = given.customer
    if account is None:
        return []
    findings: list[Finding] = []
    for kind, stated, on_file in (
        ("payment", given.draft.payment_terms, account.payment_terms),
        ("freight", given.draft.freight_terms, account.freight_terms),
    ):
        if not stated.strip():
            continue
        if not on_file.strip():
            findings.append(_unknown(kind, stated))
        elif not same_terms(stated, on_file):
            findings.append(_differ(kind, stated, on_file))
    return findings


def same_terms(stated: str, on_file: str) -> bool:
    """Whether two terms say the same: the same Incoterm, or the same words and numbers without fillers.

    A named place does not count ("DAP Portland" = "DAP"); who pays does, where both say it.
    """
    left, right = _tokens(stated), _tokens(on_file)
    left_incoterms, right_incoterms = left & _INCOTERMS, right & _INCOTERMS
    if left_incoterms and right_incoterms:
        paid = (left & _FREIGHT_PAID, right & _FREIGHT_PAID)
        return left_incoterms == right_incoterms and (not all(paid) or paid[0] == paid[1])
    return (left - _FILLERS or left) == (right - _FILLERS or right)


def _tokens(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+|[^\W\d_]+", _fold(text)))


def _fold(text: str) -> str:
    """Lower case without accents; 'día' and 'dia' are one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _differ(kind: str, stated: str, on_file: str) -> Finding:
    return Finding(
        code=f"{kind}_terms_differ",
        severity="approve",
        path=f"{kind}_terms",
        message=f"The order states the {kind} term “{stated}”, but the account has “{on_file}”. A person "
        "decides which one counts.",
        facts={"stated": stated, "on_file": on_file},
    )


def _unknown(kind: str, stated: str) -> Finding:
    return Finding(
        code=f"data_unknown_{kind}_terms",
        severity="info",
        path=f"{kind}_terms",
        message=f"The order states the {kind} term “{stated}”; the account has none on file to compare it "
        "with.",
        facts={"stated": stated},
    )
