"""What kind of business paper a text is: an order, or an invoice, quote, confirmation, delivery note, reminder."""
# ruff: noqa: E501 - word lists, one kind a line

from __future__ import annotations

import re
from typing import Literal

from orderdesk.domain.base import Value
from orderdesk.domain.documents import Document

PaperKind = Literal[
    "order", "invoice", "credit_note", "quote_offer", "order_confirmation", "trade_confirmation",
    "delivery_note", "payment_reminder", "receipt", "statement", "price_list", "request_for_quotation", "",
]  # fmt: skip


class Paper(Value):
    """The kind, and the words that show it (for the finding's message)."""

    kind: PaperKind = ""
    because: str = ""


# Titles: a short line of its own, maybe with a number behind. Source: the usual titles of the papers of a
# purchase (UN/CEFACT code list 1001 names in the six languages).
_NUMBERED = r"(?:[ \t]*(?:no|nr|number|nummer|num|n°|nº|#|copy|kopie|copie|copia|original|seite|page)?[.:]?[ \t]*#?[ \t]*[A-Za-z0-9./_-]*\d[A-Za-z0-9./_-]*)?"
_TITLES: tuple[tuple[PaperKind, str], ...] = (
    ("credit_note", r"credit (?:note|memo)|gutschrift|nota de crédito|abono|avoir|note de crédit|nota di credito|creditnota"),
    ("invoice", r"(?:(?!please|send|e-?mail|mail)[\w&.' -]{0,30} )?(?:tax |vat |commercial |sales |proforma |pro[- ]forma |final |original )?invoice(?: summary)?|(?:kopie |proforma-?|schluss|abschlags)?rechnung|(?:kopie )?factuur|factura(?: proforma)?|facture(?: pro ?forma)?|fattura|invoice copy|nota fiscal"),
    ("quote_offer", r"(?:sales )?(?:quotation|quote|offer|estimate)|angebot|kostenvoranschlag|presupuesto|cotización|oferta|devis|offre(?: de prix)?|preventivo|offerte"),
    ("order_confirmation", r"(?:sales )?order (?:confirmation|acknowledge?ment)|acknowledge?ment of order|auftragsbestätigung|bestellbestätigung|confirmación de(?:l)? pedido|confirmation de (?:la )?commande|accusé de réception de commande|conferma d'ordine|orderbevestiging"),
    ("trade_confirmation", r"trade confirmation|confirmation|wertpapierabrechnung"),
    ("delivery_note", r"(?:delivery (?:note|slip|docket)|packing (?:slip|list)|despatch note|dispatch note|bill of lading|lieferschein|packliste|albarán(?: de entrega)?|nota de entrega|bon de livraison|bordereau de livraison|documento di trasporto|pakbon)"),
    ("payment_reminder", r"(?:payment reminder|(?:first |second |final )?reminder|overdue notice|dunning(?: letter| notice)?|past due notice|(?:\d\. )?mahnung|zahlungserinnerung|recordatorio de pago|aviso de pago|rappel(?: de paiement)?|mise en demeure|sollecito)"),
    ("receipt", r"(?:payment |sales |cash )?receipt|quittung|kassenbon|recibo|reçu|ricevuta"),
    ("statement", r"(?:account |bank )?statement(?: of account)?|kontoauszug|estado de cuenta|relevé(?: de compte)?|estratto conto"),
    ("price_list", r"price ?list|preisliste|lista de precios|tarif|liste de prix|catalog(?:ue)?"),
    ("request_for_quotation", r"request for (?:quotation|quote|proposal)|rfq|(?:preis)?anfrage|solicitud de (?:cotización|presupuesto|oferta)|demande de (?:prix|devis)|richiesta di offerta"),
    ("order", r"(?:standard |blanket |new |revised )?purchase[ -]order(?: form| change)?|order form|(?:unsere )?bestellung|bestellformular|orden de compra|(?:nota de )?pedido(?: de compra)?|bon de commande|commande|ordine(?: d'acquisto)?|inkooporder|bestelling|order|p\.?o\.?"),
)  # fmt: skip
_TITLE_RES: tuple[tuple[PaperKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?:{words}){_NUMBERED}", re.IGNORECASE)) for kind, words in _TITLES
)
# Labels that only one kind of paper carries; the value behind must not be empty words like 'address'
_LABELS: tuple[tuple[PaperKind, str], ...] = (
    ("invoice", r"\binvoice[ \t]*(?:no\b|nr|number|num|#|id\b)[.:]?|\binvoice date\b|\brechnungs-?(?:nr|nummer|datum)|\brechnung[ \t]+(?:nr|nummer)|\bfacture[ \t]*n[°ºo]|\bdate de (?:la )?facture|\bfactura[ \t]*(?:n[º°o]|núm)|\bfecha de (?:la )?factura|\bfactuur[ \t]?(?:nummer|datum)|\bnumero fattura|\bamount due\b|\bbalance due\b|\btotal due\b|\bpayable (?:by|within)|\bzahlbetrag\b|\bnet à payer\b|\btotal a pagar\b|\bremit (?:payment )?to\b|\bthis invoice\b|\bdieser rechnung\b"),
    ("trade_confirmation", r"\btrade[ \t]?(?:#|date|detail|no)|\bsettlement\b|\bcusip\b|\bisin\b"),
    ("order_confirmation", r"\bwe (?:hereby )?confirm your order|\bthank you for your (?:order|purchase)|\bwir bestätigen (?:ihnen )?(?:ihre|den) (?:bestellung|auftrag)|\bvielen dank für ihre bestellung|\bgracias por su pedido|\bconfirmamos su pedido|\bmerci (?:pour|de) votre commande|\bnous confirmons votre commande|\bnotre ar\b|\byour order has (?:been )?(?:shipped|confirmed)"),
    ("quote_offer", r"\bquot(?:e|ation) (?:no|number|#|date|valid)|\bvalid until\b|\bangebots-?(?:nr|nummer|datum)|\bgültig bis\b|\bwe are pleased to (?:offer|quote)|\bgerne bieten wir|\bwir bieten ihnen|\bvalidez de la oferta|\bdevis n[°º]|\bnous vous proposons"),
    ("delivery_note", r"\bdelivery note (?:no|number|#)|\blieferschein-?(?:nr|nummer)|\balbarán n[º°]|\bbon de livraison n[°º]|\bpacking slip (?:no|#)"),
    ("payment_reminder", r"\bstill outstanding\b|\boverdue invoices?\b|\bzahlungserinnerung\b|\bmahnung\b|\bfacturas? (?:vencidas?|pendientes?)|\bfactures? (?:impayées?|en retard)|\bpast due\b|\boffene(?:n)? rechnung"),
    ("receipt", r"\bpayment received\b|\bpaid through\b|\bbooking id\b"),
    ("order", r"\bpurchase order\b|\bp\.?o\.? ?(?:no\b|number|#)|\bbestell-?(?:nr|nummer)|\borden de compra\b|\bn[º°] (?:de )?pedido|\bbon de commande\b|\bwe (?:hereby )?order\b|\bhiermit bestellen wir|\bwir bestellen\b"),
)  # fmt: skip
_LABEL_RES: tuple[tuple[PaperKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(words, re.IGNORECASE)) for kind, words in _LABELS
)
_TITLE_LINES = 40  # a title further down is a sub-heading


def kind_of_paper(text: str) -> Paper:
    """The kind of a document (not of a mail's prose): its title decides, labels decide where there is none.

    Two labels of one kind count as a title: a form may have its title in a picture. An order's own title
    loses only against an invoice's title *and* labels: invoices quote order numbers, orders name an
    'invoice address'. Unknown where nothing, or two kinds alike, speak.
    """
    titles = _titles(text)
    labels: dict[PaperKind, list[str]] = {}
    for kind, pattern in _LABEL_RES:
        found = list(dict.fromkeys(" ".join(m.group().lower().split()) for m in pattern.finditer(text)))
        if found:
            labels[kind] = found
    for kind in titles:
        # a bare 'confirmation' or 'offer' is a title only with the paper's own labels
        if kind in ("trade_confirmation", "price_list") and kind not in labels:
            continue
        if kind == "invoice" and "order" in titles and "invoice" not in labels:
            continue  # an order's own 'Send invoice to' block
        if kind == "order" and ("invoice" in titles or len(labels.get("invoice", [])) >= 2):
            continue
        return Paper(kind=kind, because=titles[kind])
    ranked: list[tuple[int, PaperKind]] = sorted(
        ((len(v), k) for k, v in labels.items()), key=lambda r: -r[0]
    )
    if not ranked:
        return Paper()
    best: list[PaperKind] = [k for n, k in ranked if n == ranked[0][0]]
    if len(best) > 1 or (ranked[0][0] < 2 and best[0] not in ("order", "order_confirmation")):
        return Paper()
    return Paper(kind=best[0], because=", ".join(labels[best[0]]))


_MACHINE_FORMATS = frozenset(("x12", "edifact", "ubl", "cxml", "opentrans", "orderx"))
# messages that ask for a price: X12 840, EDIFACT REQOTE, UBL and openTRANS requests for quotation
_QUOTE_MESSAGES = frozenset(("840", "REQOTE", "RequestForQuotation", "RFQ"))
MachineRole = Literal["", "other", "quote_request", "unread_order", "unknown"]


def machine_role(document: Document) -> MachineRole:
    """What a machine's file without a readable order is: another kind of message, a request for a quotation, an
    order that could not be read, or of no kind we know; '' for papers people write. None of them is prose: lines
    read out of their codes would be invented."""
    if document.drafts:
        return ""
    told = [f for f in document.findings if f.code in ("not_an_order", "unknown_xml", "unsupported_version")]
    if document.format not in _MACHINE_FORMATS and not told and not _DATA_FILE.match(document.text):
        return ""
    if document.format == "orderx" and not told and not document.findings:
        return ""  # an invoice-or-order PDF whose XML said nothing: the paper itself is read
    named = {f.facts.get(key, "") for f in told for key in ("transaction", "name")}
    if named & _QUOTE_MESSAGES:
        return "quote_request"
    if any(f.code == "not_an_order" for f in told):
        return "other"
    if document.format in _MACHINE_FORMATS or any(f.code == "unsupported_version" for f in told):
        return "unread_order"
    return "unknown"


_DATA_FILE = re.compile(r"\s*(?:<\?xml|<[A-Za-z_][\w.:-]*(?:\s[^<>]*)?>|\{\s*\"|\[\s*[{\[])")


def _titles(text: str) -> dict[PaperKind, str]:
    titles: dict[PaperKind, str] = {}
    lines = [line.strip(" \t*#=-_|") for line in text.splitlines() if line.strip()]
    for line in lines[:_TITLE_LINES]:
        # columns side by side come out as one line: each part may be the title
        for part in (line, *re.split(r"\t+| {2,}|\|", line)):
            part = " ".join(part.split()).strip(" :.")
            if not part or len(part) > 60:
                continue
            for kind, pattern in _TITLE_RES:
                if pattern.fullmatch(part):
                    titles.setdefault(kind, part)
                    break
    return titles
