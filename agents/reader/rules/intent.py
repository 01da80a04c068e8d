"""What a message wants, by rules: order, change, cancel, status, quote, or no order at all; in four languages."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.reader.rules.language import is_latin
from agents.reader.rules.vocabulary import ORDER_VERB, SAME_AS_BEFORE
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import Intent
from tools.documents.document_kind import MachineRole, PaperKind, kind_of_paper
from tools.documents.signals import share

_ORDER = r"(?:purchase order|order|po\b|bestellung|auftrag|pedido|orden|commande|purchase|p\.o\.)"
_CANCEL = re.compile(
    rf"\b(?:cancel(?:l?ing|led|lation)?|void|withdraw)\b(?!\w)(?: (?:of|the|our|my|this|that|entire|whole|complete|purchase|following))*(?: {_ORDER})|"
    rf"\b{_ORDER}[^.\n]{{0,40}}\b(?:should be|must be|please|needs to be|to be) cancel+ed|\bplease cancel\b(?! (?:the |our |my )?(?:line|item|pos|position|the remaining|backorder))|\bno longer (?:need|want|require)[^.\n]{{0,30}}{_ORDER}|"
    r"\bstornier(?:en|e|t|ung)\b|\bstorno\b|\b(?:bestellung|auftrag)[^.\n]{0,40}\b(?:zurückziehen|annullieren|absagen)|"
    r"\b(?:cancelar|anular|cancelen|anulen|cancele|anule|cancelad|anulad|cancelación|anulación)\b[^.\n]{0,30}\b(?:pedido|orden|compra)|"
    r"\b(?:annuler|annulez|annulation)\b[^.\n]{0,30}\b(?:commande)",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    rf"\b(?:chang(?:e|ing)|amend(?:ing)?|modify(?:ing)?|revis(?:e|ing)|updat(?:e|ing)|edit(?:ing)?|adjust(?:ing)?|correct(?:ing)?)(?: to| on| in)?(?: (?:the|our|my|this|existing|quantity|delivery|address|date|on|of|for|to|some|several|items|articles|products|lines))* {_ORDER}|\b(?:order change|change order|change request|amended|revised|amendment to) (?:purchase )?{_ORDER}|\border change\b|\bcancel (?:the |our |my )?(?:line|item|pos|position|remaining|back-?order)\b|\b(?:to|on) (?:our|my|the) (?:last|latest|previous|existing|open|earlier|recent) {_ORDER}|(?:al|a nuestro|en el) (?:último|anterior) pedido|à (?:notre|la) (?:dernière|précédente) commande|(?:zu|zur) (?:unserer |der )?(?:letzten|vorigen|laufenden) bestellung|"
    rf"\b(?:add|adding|increase|reduce|decrease|remove|removing|drop|delete|swap|swapping|switch|switching|replace)\b[^.\n]{{0,60}}\b(?:to|on|from|in|of) (?:the |our |my |existing |open )*{_ORDER}(?: (?:no\.?|number|#|nr\.?))?:?[ #]*[A-Za-z0-9-]*\d|"
    r"\b(?:bestell|auftrags)änderung|\bänderung (?:zu|der|unserer|zur|des)(?:r)? (?:bestellung|auftrag|bestellung nr|auftrags)|\b(?:bestellung|auftrag)[^.\n]{0,50}\b(?:ändern|anpassen|abändern|korrigieren)|\b(?:ändern|ergänzen|erhöhen|reduzieren) sie[^.\n]{0,40}(?:bestellung|auftrag)|"
    r"\b(?:modificar|cambiar|rectificar|modificación|cambio|modifiquen|cambien|añadir|ampliar)\b[^.\n]{0,40}\b(?:pedido|orden)[^.\n]{0,15}\d|"
    r"\b(?:modifier|modification|changer|modifiez|rectifier|ajouter)\b[^.\n]{0,40}\bcommande[^.\n]{0,15}\d",
    re.IGNORECASE,
)
# goods that came wrong, or are to go back: figures in such a mail are no wish for goods
_COMPLAINT = re.compile(
    r"\b(?:(?:want|like|need|have|wish|going) to (?:return|send back|reject)|return(?:ing|ed)? (?:the|these|those|them|goods|\d)|refund|credit (?:note|memo|us)|\brma\b|damaged|defective|faulty|complain\w*|short[- ]?(?:shipped|delivered|shipment)|(?:wrong|incorrect) (?:item|size|article|part|goods|quantity|product|one)s?|(?:is|are|were|was) missing|missing (?:from|in|items?)|only (?:\d+|received|got)[^.\n]{0,40}(?:arrived|received|delivered)|not what we ordered|never arrived|"
    r"reklam\w+|rücksend\w+|zurück(?:senden|schicken|geben)|gutschrift|beschädigt|defekt|mangelhaft|fehl(?:t|en|ten|te)\b|falsch(?:e[nrs]?)? (?:artikel|ware|größe|menge|geliefert)|nachlieferung|"
    r"reclam\w+|devolver|devolución|abono|dañad\w+|defectuos\w+|falta(?:n|ban)? \d|han llegado|equivocad\w+|en mal estado|"
    r"réclam\w+|retourn\w+|rembours\w+|endommag\w+|défectueu\w+|il manque|manquant\w*|erreur de livraison|non conforme)\b",
    re.IGNORECASE,
)
_SUBJECT_ORDER = re.compile(
    r"^(?:(?:re|fw|fwd|aw|wg|rv|tr) ?: ?)*(?:\w+ ){0,2}(?:orders?|p\.?o\.?|purchase order|bestellung|auftrag|pedido|orden de compra|o\.?c\.?|commande|bon de commande)\b(?! (?:status|problem|confirmation|update|issue|change|cancel\w*))",
    re.IGNORECASE,
)
_STATUS = re.compile(
    rf"\b(?:where (?:is|are)|where's|status of|status update|order status|tracking|track|locate|locating|has (?:it|this|our order|my order|the order) (?:been )?shipped|when (?:will|can|do|is|are)[^?.\n]{{0,60}}(?:arrive|ship(?:ped)?|deliver(?:ed)?|expect|be here|leave|due)|eta (?:for|on|of)|(?:any )?(?:news|update) (?:on|about|for)[^.\n]{{0,20}}(?:{_ORDER}|delivery|shipment))\b|"
    rf"\bstatus\b[^.\n]{{0,30}}{_ORDER}|{_ORDER}[^.\n]{{0,30}}\bstatus\b|\bnot (?:yet )?(?:arrived|received) (?:our|my|the|yet)|\bwaiting for (?:our|my|the) (?:order|delivery)|"
    r"\bwo (?:bleibt|ist|sind)\b|\bwann (?:kommt|wird|können|kommen|dürfen|ist)[^?.\n]{0,60}(?:lieferung|geliefert|bestellung|ware|rechnen|auftrag|kommt|an\b)|\bliefer(?:status|stand)|\bsendungsverfolgung|\bstand (?:der|unserer|meiner|zur) (?:bestellung|lieferung)|\bauftragsstatus|"
    r"\b(?:dónde|donde) (?:está|esta|están)|\bestado (?:de|del) (?:mi |nuestro |la |el )?(?:pedido|envío|orden|entrega)|\bcuándo (?:llega|llegará|recibiremos|se entrega|van a)|\bseguimiento del? (?:pedido|envío)|\bno (?:ha|hemos) (?:llegado|recibido)|"
    r"\boù (?:en )?(?:est|sont)\b|\bsuivi (?:de|du)\b|\bquand (?:sera|arrivera|serons|allons|recevrons|pensez)|\bétat (?:de la|de notre|de ma) commande|\b(?:pas|toujours pas) (?:encore )?reçu",
    re.IGNORECASE,
)
_QUOTE = re.compile(
    r"\b(?:price check|price enquiry|price inquiry|pricing (?:for|on)|what (?:would|do|does|is|are)[^?\n]{0,80}\bcost\b|what'?s (?:the|your) (?:price|cost)|dar(?:me|nos)? (?:el |un )?precio|precio de\b[^?\n]{0,60}\?|pásame(?:nos)? (?:el )?precio|was würden?[^?\n]{0,60} kosten|preis(?:e)? für\b[^?\n]{0,60}\?|prix (?:pour|de)\b[^?\n]{0,60}\?|request for (?:a )?(?:quote|quotation|pricing|proposal)|rfq|(?:please|pls|kindly|could you|can you|would you|need you to) (?:send (?:me |us )?(?:a |your )?)?(?:quot(?:e|ation)|price|best price|pricing)|quote (?:me|us|for|on)|looking for a quote|(?:your )?best price (?:for|on)|price and (?:availability|delivery|lead time)|p&a|how much (?:is|are|for|would|do)|what (?:is|are|would be) (?:the|your) (?:price|pricing|cost|lead time)|(?:get|have|need|want|like) (?:a |an |your )?(?:quote|quotation|offer|pricing)|"
    r"preisanfrage|anfrage\b|(?:bitte )?(?:um )?(?:ein )?angebot (?:für|über|zu|anfordern|erstellen|abgeben|machen|zusenden|schicken)|(?:ihr|ein) angebot\b(?! nr| vom)|bieten sie[^.\n]{0,40} an\b|was kost(?:et|en)|preis und (?:lieferzeit|verfügbarkeit)|"
    r"(?:solicitud de |pedir |un |una |solicitar |enviar )(?:presupuesto|cotización|oferta)|cotizar|cuánto (?:cuesta|cuestan|vale|valen|sería)|precio y (?:plazo|disponibilidad)|qué precio|"
    r"demande de (?:prix|devis)|(?:un|votre|faire|établir) devis|combien (?:coûte|coûtent|vaut)|(?:votre )?meilleur prix|quel (?:est le )?prix|prix et (?:délai|disponibilité))\b",
    re.IGNORECASE,
)
_JUNK = re.compile(
    r"\b(?:unsubscribe|abmelden vom newsletter|newsletter|darse de baja|désabonner|se désinscrire|view (?:this email )?in (?:your )?browser|webinar|limited[- ]time offer|special promotion|"
    r"you have won|lottery|casino|crypto(?:currency)? investment|seo services|guest post|backlinks|increase your (?:traffic|ranking)|viagra|click here to claim)\b",
    re.IGNORECASE,
)
_OUT_OF_OFFICE = re.compile(
    r"\b(?:out of (?:the )?office|automatic reply|auto-?reply|abwesenheits(?:notiz|meldung)|automatische antwort|fuera de la oficina|respuesta automática|réponse automatique|absence du bureau|i am on (?:vacation|leave|holiday)|"
    r"undeliver(?:able|ed)|delivery status notification|mail delivery (?:failed|subsystem)|returned mail|delivery has failed|unzustellbar)\b",
    re.IGNORECASE,
)
_BILLING = re.compile(
    r"\b(?:payment reminder|overdue|outstanding (?:invoice|balance|amount)|remittance(?: advice)?|please find (?:attached )?(?:our|your|the) invoice|invoice attached|(?:see|find|enclosed|attached)[^.\n]{0,30}\binvoices?|your invoice|attached invoice|invoice #?\d|"
    r"zahlungserinnerung|mahnung|offene rechnung|(?:anbei|angehängt|beigefügt|im anhang)[^.\n]{0,30}\brechnung|unsere rechnung|ihre rechnung|"
    r"factura (?:adjunta|vencida|pendiente)|adjuntamos (?:la |nuestra )?factura|recordatorio de pago|"
    r"facture (?:ci-jointe|jointe|impayée)|notre facture|rappel de paiement)\b",
    re.IGNORECASE,
)
_TRADE_WORD = re.compile(
    r"\b(?:order(?:s|ed|ing)?|purchase|p\.?o\.?|quote|quotation|invoice|ship(?:ping|ment|ped)?|deliver\w*|stock|price|pricing|qty|quantity|boxes|pcs|cartons|pallets?|sku|part number|restock|supply|buy|product\w*|items?|article\w*|goods|parcel|package|refund\w*|return\w*|claim|complain\w*|warranty|damaged|payment|account|credit|address|reimburs\w*|compensation|rebate|money back|bill|fee|"
    r"bestell\w*|auftrag|liefer\w*|angebot|stück|kartons?|rechnung|preis|menge|ware|artikel|nachschub|kaufen|produkt\w*|paket|reklam\w*|rückgabe|gutschrift|beschädigt|zahlung|konto|adresse|"
    r"pedido|orden|entrega|cajas|unidades|precio|factura|presupuesto|envío|cantidad|artículos?|género|comprar|productos?|paquete|devolución|reclam\w*|garantía|pago|cuenta|dirección|"
    r"command\w*|livr\w*|boîtes|pièces|prix|facture|devis|quantité|cartons|articles?|acheter|produits?|colis|retour|réclam\w*|garantie|remboursement|paiement|compte|adresse)\b",
    re.IGNORECASE,
)

# words that announce an order even where no line can be read
_ORDER_NOUN = re.compile(
    r"\b(?:purchase order|new order|place (?:an|a|the|this|our|my|a new|the following) order|(?:attached|enclosed|here is|find) (?:is |you will find )?(?:our|the|my|a|an)? ?(?:new )?(?:order|p\.?o\.?)|(?:our|my) p\.?o\.?\b|order (?:form|attached|enclosed)|p\.?o\.? (?:attached|enclosed|#)|"
    r"(?:neue|anbei (?:unsere|die|meine)|angehängte|beigefügte|unsere) bestellung|hiermit bestell|wir bestellen|orden de compra|(?:nuevo|adjunt\w*) (?:el |nuestro |un )?pedido|nuestro pedido|hacer un pedido|"
    r"bon de commande|nouvelle commande|(?:ci-joint|notre) (?:notre |la |une )?commande|passer (?:une )?commande)\b",
    re.IGNORECASE,
)
# an order that leaves its lines to an attached paper of ours: 'please proceed as per attached quote'
_GO_AHEAD = re.compile(
    r"\b(?:please (?:proceed|go ahead|process|order)|(?:we|i) (?:accept|would like to order|hereby order)|go ahead with|as per (?:the )?attached|order as quoted|"
    r"wir (?:bestellen|nehmen[^.\n]{0,20}an)|hiermit bestellen|bitte (?:liefern|ausführen)|gemäß (?:ihrem )?(?:beigefügtem )?angebot|"
    r"aceptamos|adelante con|confirmamos el pedido según|según (?:su )?(?:oferta|presupuesto)|nous (?:acceptons|commandons)|bon pour accord|selon votre devis)\b",
    re.IGNORECASE,
)

_PAPER_WORDS: dict[PaperKind, str] = {
    "invoice": "an invoice", "credit_note": "a credit note", "quote_offer": "an offer", "receipt": "a receipt",
    "order_confirmation": "an order confirmation", "trade_confirmation": "a trade confirmation",
    "delivery_note": "a delivery note", "payment_reminder": "a payment reminder", "statement": "a statement",
    "price_list": "a price list",
}  # fmt: skip


_SHORT = 40  # words; longer texts without any order word are about something else


class Read(NamedTuple):
    """The intent, how sure, and why."""

    intent: Intent
    confidence: float
    findings: tuple[Finding, ...]


def read_intent(
    message: ReadMessage,
    text: str,
    *,
    lines: int,
    structured: Intent | None,
    has_po: bool,
    attached_order: bool,
    strong_lines: bool,
) -> Read:
    """The intent of one order of a message.

    `text` is the newest unquoted writing (subject and body), `lines` the number of order lines found in it
    or in an attachment, `structured` the intent a parsed format states.
    """
    reason = _automatic(message)
    if reason and structured is None:
        return _not_an_order(reason)
    asked = _asked(text)
    if structured is not None:
        return _with_structured(structured, asked)
    paper = _other_paper(message)
    if paper and not attached_order and not (lines and ORDER_VERB.search(text)):
        if _GO_AHEAD.search(text):
            return Read("new_order", share(named=True, one_reading=False), (_no_lines(), _unclear([])))
        return _not_an_order(paper)
    if _OUT_OF_OFFICE.search(text) and not lines:
        return _not_an_order("it is an automatic answer or a delivery failure")
    billing = _BILLING.search(text)
    if billing and not lines and not attached_order:
        return _not_an_order("it is about an invoice or a payment")
    if billing and lines and not has_po and not ORDER_VERB.search(text):
        return Read("other", share(named=True, one_reading=False), (_unclear([]),))
    if _JUNK.search(text) and not attached_order and not (lines and ORDER_VERB.search(text)):
        return _not_an_order("it is a newsletter or an advertisement")
    if asked:
        # a wish that names an order number or lines is plain; two different wishes are not
        confidence = share(named=True, one_reading=len(asked) == 1, settled=has_po or lines > 0 or None)
        if len(asked) > 1 and not _ranks_alone(asked):
            wants_quote = (quote_request(),) if asked[0] == "quote_request" else ()
            return Read(asked[0], confidence, (_unclear(asked), *wants_quote))
        wants_quote = (quote_request(),) if asked[0] == "quote_request" else ()
        return Read(asked[0], confidence, wants_quote)
    wants = (
        bool(ORDER_VERB.search(text))
        or attached_order
        or has_po
        or bool(_SUBJECT_ORDER.match(message.subject))
    )
    if lines and not attached_order and _COMPLAINT.search(text):
        return Read("new_order", share(named=wants, one_reading=False), (_unclear([]),))
    # figures in a text without a word of ordering make it an order only where hardly anything else stands
    short = len(text.split()) <= _SHORT
    if (
        attached_order
        or (lines and (wants or strong_lines or short))
        or (SAME_AS_BEFORE.search(text) and (wants or short))
    ):
        doubt = () if wants or strong_lines or attached_order or not lines else (_unclear([]),)
        return Read("new_order", share(named=wants, one_reading=not doubt), doubt)
    if _ORDER_NOUN.search(text):
        return Read("new_order", share(named=True, one_reading=True, exact=False), (_no_lines(),))
    return _nothing_read(message, text)


def of_machine_file(roles: Sequence[MachineRole], said: Read, *, told: bool) -> Read:
    """The intent of a message whose orders stand, if anywhere, in machine files that gave no draft.

    `said` is what the mail around them says; a wish of its own (cancel, change, ask) keeps its intent. `told`:
    a finding already says what is wrong with a file.
    """
    if said.intent not in ("new_order", "other"):
        return said
    if "quote_request" in roles:
        return Read("quote_request", 1.0, (quote_request(),))
    if "unread_order" in roles:  # its own finding says what is wrong; nothing can be booked from it
        return Read("new_order", share(named=True, one_reading=True), () if told else (_no_lines(),))
    if "unknown" in roles:
        return Read("other", share(named=False, one_reading=False), (_unclear([]),))
    # all of them are other messages; words of ordering beside them stay a question
    if said.intent == "new_order":
        return said
    return _not_an_order("the attached message is of another kind")


def quote_request() -> Finding:
    """A quotation is wanted, not goods."""
    return Finding(
        code="quote_request", severity="approve", path="intent",
        message="The message asks for a quotation; a person answers it.",
    )  # fmt: skip


def _automatic(message: ReadMessage) -> str:
    return {
        "bounce": "it is a delivery failure notice", "auto_reply": "it is an automatic reply",
        "newsletter": "it is a newsletter", "read_receipt": "it is a read receipt",
    }.get(message.automatic, "")  # fmt: skip


def _asked(text: str) -> list[Intent]:
    found: list[Intent] = []
    for intent, pattern in _WISHES:
        # 'where are you?' asks for no order's status where no trade word stands beside it
        if pattern.search(text) and (intent != "order_status" or _TRADE_WORD.search(text)):
            found.append(intent)
    return found


_WISHES: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    ("cancel_order", _CANCEL),
    ("change_order", _CHANGE),
    ("order_status", _STATUS),
    ("quote_request", _QUOTE),
)


def _ranks_alone(asked: list[Intent]) -> bool:
    """A change that asks for the status as well is a change; cancel with change is not settled."""
    return not ("cancel_order" in asked and "change_order" in asked) and "quote_request" not in asked


def _with_structured(structured: Intent, asked: list[Intent]) -> Read:
    if "cancel_order" in asked and structured != "cancel_order":
        finding = Finding(
            code="body_contradicts_attachment", severity="clarify", path="intent", question="body_contradicts_attachment",
            message="The message asks to cancel, but the attached document is an order.",
        )  # fmt: skip
        return Read(structured, share(named=True, one_reading=False), (finding,))
    return Read(structured, 1.0, ())


def _other_paper(message: ReadMessage) -> str:
    """Why the message is no order: the first document that is a paper of another kind; '' for none."""
    for document in message.documents:
        if document.role == "quoted" or not document.text.strip():
            continue
        paper = kind_of_paper(document.text)
        if paper.kind in _PAPER_WORDS:
            name = document.name or "the text"
            return f"'{name}' is {_PAPER_WORDS[paper.kind]} (it says '{paper.because}')"
    return ""


def _nothing_read(message: ReadMessage, text: str) -> Read:
    # figures beside words of wanting ('send up to 50 ...') are no small talk, whatever is meant
    wanting = ORDER_VERB.search(text) and re.search(r"\d", text)
    silent = not _TRADE_WORD.search(text) and is_latin(text) and text.strip() and not wanting
    unread = [d for d in message.documents if d.role == "attachment" and not d.text.strip()]
    if silent and not unread:
        return _not_an_order("nothing in it speaks of goods, orders or deliveries")
    return Read("other", share(named=False, one_reading=False), (_unclear([]),))


def _not_an_order(reason: str) -> Read:
    finding = Finding(
        code="not_an_order", severity="info", path="intent", message=f"Not an order: {reason}.",
        facts={"reason": reason},
    )  # fmt: skip
    return Read("other", share(named=True, one_reading=True), (finding,))


def _unclear(asked: list[Intent]) -> Finding:
    words = " and ".join(i.replace("_", " ") for i in asked)
    message = (
        f"The message seems to ask for {words}; a person has to decide what is meant."
        if asked
        else "It is not clear what the message asks for; a person has to read it."
    )
    return Finding(
        code="intent_unclear", severity="approve", path="intent", message=message, options=tuple(asked)
    )


def _no_lines() -> Finding:
    return Finding(
        code="no_lines_found", severity="clarify", path="lines", question="no_lines_found",
        message="The message speaks of an order, but no order line could be read in it.",
    )  # fmt: skip
