"""The marks mail programs leave in a body: attributions, header blocks, separators, signatures (en/de/es/fr ...)."""

from __future__ import annotations

import re

_ATTRIBUTION_STARTS = re.compile(
    r"^\s*(?:on|am|el|le|il(?: giorno)?|op|em|den|dne|w dniu|a \()\b|^\s*[^\s<>].{0,80}<?[\w.+-]+@[\w.-]+>?",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    r"(?:"
    r"on\b.{4,400}?\bwrote"
    r"|am\b.{4,400}?\bschrieb(?:en)?\b.{0,200}?"
    r"|.{2,200}?\bschrieb am\b.{4,200}?"
    r"|.{2,200}?@.{2,200}?\b(?:wrote|schrieb|escribió|a écrit)"
    r"|el\b.{4,400}?\bescribió"
    r"|le\b.{4,400}?\ba écrit"
    r"|il\b.{4,400}?\bha scritto"
    r"|op\b.{4,400}?\b(?:schreef\b.{0,200}?|geschreven)"
    r"|em\b.{4,400}?\bescreveu"
    r"|den\b.{4,400}?\bskrev\b.{0,200}?"
    r"|w dniu\b.{4,400}?\bnapisał(?:\(a\)|a)?\b.{0,200}?"
    r")[ \t]*:",
    re.IGNORECASE,
)
# "On Monday he wrote:" can be prose; an attribution names an address, a time of day or a year.
_DATED = re.compile(r"@|\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d{2}\b")

FORWARD_MARK = re.compile(
    r"^[\s>]*(?:-{2,}\s*)?(?:forwarded (?:message|by\b.*)|(?:begin|start of) forwarded message"
    r"|weitergeleitete (?:nachricht|e-?mail)|anfang der weitergeleiteten (?:nachricht|e-?mail)"
    r"|mensaje reenviado|inicio del mensaje reenviado|message (?:transféré|transmis)|début du message "
    r"(?:réexpédié|transféré|transmis)|messaggio inoltrato|doorgestuurd bericht|mensagem encaminhada)"
    r"\s*:?\s*-*\s*$",
    re.IGNORECASE,
)
_ORIGINAL_MARK = re.compile(
    r"^[\s>]*-{2,}\s*(?:original (?:message|mail|e-?mail)|ursprüngliche (?:nachricht|e-?mail)|original-?nachricht"
    r"|originalnachricht|mensaje original|message d['’]origine|messaggio originale|oorspronkelijk bericht"
    r"|mensagem original|reply message|urspr\. nachricht)\s*-*\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^[\s>*_]*(?:"
    r"(?P<sender>from|von|de|da|van|od|från|fra)"
    r"|(?P<date>sent|date|gesendet|datum|fecha|enviado(?: el)?|envoyé|date d['’]envoi|data|inviato|verzonden|skickat)"
    r"|(?P<to>to|an|para|à|a|aan|till|til|pour)"
    r"|(?P<subject>subject|betreff|asunto|objet|oggetto|onderwerp|assunto|ämne|emne)"
    r"|(?P<copy>cc|kopie|copie|bcc|reply-to|antwort an)"
    r")[ \t]*\*?[ \t]*:[ \t*_]*(?P<value>\S.*)?$",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(
    r"^\s*(?:re:\s*)*(?:fwd?|wg|rv|tr|enc|i|doorst|vs|wtr)\s*(?:\[\d+\])?:", re.IGNORECASE
)

_DELIMITER = re.compile(r"^(?:--|—|–)[ \t]*$|^_{5,}\s*$")
_MOBILE = re.compile(
    r"^\s*(?:sent from (?:my|a|an|the)\s[\w’'\- ]{2,60}|sent (?:via|with|from) [\w’'\-]+(?: [\w’'\-]+){0,3}"
    r"|get outlook for [\w ]+|(?:von meinem|gesendet von|gesendet mit|von) [\w’'\- ]{2,60}?(?:gesendet)?"
    r"|diese nachricht wurde von meinem [\w\- ]+ gesendet"
    r"|enviado desde (?:mi|un) [\w’'\- ]{2,60}|envoyé (?:de|depuis) (?:mon|un) [\w’'\- ]{2,60}"
    r"|outlook für \w+ beziehen|obtenir outlook pour \w+|obtener outlook para \w+)"
    r"(?:\s*<[^>]*>|\s*\(?https?://\S+)?\s*\.?\s*$",
    re.IGNORECASE,
)
_MOBILE_VON = re.compile(r"^\s*von (?!meinem)(?!.*gesendet)", re.IGNORECASE)


def attribution_at(texts: list[str], i: int) -> int:
    """The line after 'On ... wrote:' starting at line i (wrapped over at most four lines); 0 for none."""
    if not texts[i].strip() or not _ATTRIBUTION_STARTS.match(texts[i]):
        return 0
    joined = ""
    for j in range(i, min(i + 4, len(texts))):
        part = texts[j].strip()
        if not part:
            return 0
        joined = f"{joined} {part}".strip()
        if len(joined) > 700:
            return 0
        if _ATTRIBUTION.fullmatch(joined):
            return j + 1 if _DATED.search(joined) else 0
    return 0


def header_block_at(texts: list[str], i: int) -> int:
    """The line after a copied header block (From/Sent/To/Subject) that starts at line i; 0 for none.

    An order form may have 'From:' and 'To:' lines too: three different headers are needed, the sender or
    the date first, and an address or a date among their values.
    """
    found: set[str] = set()
    values = ""
    j = i
    blank = 0
    while j < len(texts) and j < i + 12:
        match = _HEADER.match(texts[j])
        if match:
            kind = next(k for k, v in match.groupdict().items() if v and k != "value")
            if not found and kind not in {"sender", "date"}:
                return 0
            found.add(kind)
            values += " " + (match["value"] or "")
            blank = 0
        elif not found:
            return 0
        elif not texts[j].strip():
            blank += 1
            if blank > 1:
                break
        elif not texts[j].startswith((" ", "\t")) or blank:
            break
        j += 1
    complete = {"sender", "date"} <= found and bool(found & {"to", "subject"})
    return j if complete and re.search(r"@|\d", values) else 0


def is_separator(texts: list[str], i: int) -> bool:
    """'-----Original Message-----', '---------- Forwarded message ---------' and their like."""
    return bool(FORWARD_MARK.match(texts[i]) or _ORIGINAL_MARK.match(texts[i]))


def looks_forwarded(subject: str) -> bool:
    """A subject that starts with Fwd:, FW:, WG:, RV:, TR: ..."""
    return bool(_FORWARD_SUBJECT.match(subject))


def is_signature_line(text: str, *, last: bool) -> bool:
    """A signature delimiter, or (as `last` line only) what a mobile mail program adds."""
    line = text.rstrip("\n")
    if _DELIMITER.match(line):
        return True
    return last and bool(_MOBILE.match(line)) and not _MOBILE_VON.match(line)
