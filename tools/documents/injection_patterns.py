"""What text aimed at the software, and text about changed bank details, looks like (en, de, es, fr; the plainest
way also in it, nl, pt, pl, ru, tr, zh, ja).

An order speaks to people about goods. These patterns need an imperative together with something an order
never speaks about: the machine that reads it, its instructions, or the reviews an order has to pass.
"""

from __future__ import annotations

import re


def _any(*words: str) -> str:
    return "(?:" + "|".join(words) + ")"


_MACHINE = (
    r"(?:the|this|you,?|an?|as|dear|hey|der|die|das|dem|den|el|la|al|le|l['’])?\s*\b"
    + _any(
        r"ai(?:[- ](?:agents?|assistants?|models?|systems?|reader))?", r"a\.i\.", "ki", "ia", "llms?", "gpt",
        "chat ?gpt", "chat ?bots?", "assistants?", "assistent(?:en|in)?", "asistente", "sprachmodell",
        "modelo de lenguaje", "(?:large )?language models?", "modèle de langage",
        "automated (?:system|agent|reader|order desk)",
    )
    + r"\b(?!\s+(?:\w+\s+){0,2}(?:manager|buyer|director|purchas\w+|to the|engineer|accountant|secretary|controller))"
)  # fmt: skip
_RULES = _any(
    "instructions?", "(?:system )?prompts?", "guidelines", "guardrails", "anweisung(?:en)?", "instruktionen",
    "vorgaben", "instrucciones", "consignes", "directives",
)  # fmt: skip
_EARLIER = _any(
    "previous", "prior", "earlier", "above", "preceding", "foregoing", "existing", "system", "your", "all", "any",
    "vorherigen?", "bisherigen?", "früheren?", "obigen?", "vorangegangenen?", "alle[nr]?", "deine", "ihre",
    "anteriores", "previas", "todas", "tus", "sus", "précédentes?", "antérieures", "toutes", "tes", "vos",
)  # fmt: skip
_DISREGARD = _any(
    "ignore", "disregard", "forget", "override", "bypass", "do not follow", "don['’]t follow", "ignorier(?:e|en|st)?",
    "vergiss", "vergessen", "missachte", "übergehe", "ignora", "ignore[nz]?", "olvida", "omite", "haga caso omiso de",
    "oublie[rz]?", "ne tiens pas compte d", "ne tenez pas compte d",
)  # fmt: skip
_WHOSE = _any(
    "human", "manual", "further", "any", "the", "your", "a", "internal", "credit", "manager['’]?s?", "menschliche",
    "manuelle", "weitere", "jede", "humana", "ninguna", "humaine", "manuelle", "aucune",
)  # fmt: skip
_REVIEW = (
    rf"(?:{_WHOSE}\s+){{0,3}}"
    + _any(
        "review(?:ing|er)?", "approval", "verification", "credit check", "validation checks?", "checks", "prüfung",
        "freigabe", "genehmigung", "überprüfung", "revisión", "aprobación", "verificación", "vérification",
        "approbation", "validation", "contrôle",
    )
    # approval of samples, or by the customer's own people, is business; by a person of ours it is not
    + r"\b(?!\s+(?:from|by|of|on|von|durch|de|por|par|du|des)\s+"
    r"(?!(?:an? |any )?(?:human|person|clerk|staff|employee)))"
)  # fmt: skip
_APPROVE = _any(
    "auto[- ]?approve", "approve", "accept", "book", "confirm", "release", "process", "genehmige", "bestätige", "buche",
    "gib", "freigeben", "genehmigen", "buchen", "aprueba", "apruebe", "confirma", "acepta", "procesa", "approuve[rz]?",
    "confirme[rz]?", "accepte[rz]?", "valide[rz]?",
)  # fmt: skip
_SKIP = _any(
    "skip",
    "bypass",
    "disable",
    "override",
    "überspringe",
    "umgehe",
    "omite",
    "salta",
    "ignore[rz]?",
    "contourne[rz]?",
)
_COMMANDS = _any(
    "you", "ignore", "approve", "set", "mark", "treat", "grant", "give", "apply", "release", "send", "reveal",
    "use", "choose", "route", "skip", "decode", "follow", "override", "do not", "don['’]t",
    "ignoriere", "genehmige", "setze", "aprueba", "ignora", "approuve",
)  # fmt: skip
# What people may ask of a human assistant, too: only behind a colon, as nobody writes to a person.
_BUSINESS_COMMANDS = _any(
    "book", "ship", "deliver", "add", "replace", "remove", "change", "update", "answer", "write", "confirm", "buche",
    "ändere", "liefere", "cambia", "change[rz]?",
)  # fmt: skip

# 'Ignore (all) previous instructions' where no other pattern knows the language. An object that follows ('for the
# delivery') makes it business.
_ELSEWHERE = (
    # Italian, Portuguese
    r"\b(?:ignor[aie]|ignorate|dimentica(?:te)?|desconsider[ae]|esque[cç][ae])\b(?:\s+\w+){0,3}\s+"
    r"(?:istruzioni|direttive|instruções|diretrizes)\s+(?:\w+\s+){0,1}(?:precedenti|anteriori|anteriores|prévias)\b"
    r"(?!\s+(?:per|di|sulla?|para|de|sobre)\b)",
    # Dutch
    r"\b(?:negeer|vergeet)\b(?:\s+(?:alle|de|al|je|uw)){0,2}\s+(?:eerdere|vorige|voorgaande|bovenstaande)\s+"
    r"(?:instructies|opdrachten|aanwijzingen)\b(?!\s+(?:voor|over|van)\b)",
    # Polish
    r"\b(?:zignoruj|ignoruj|pomiń|zapomnij o)\b(?:\s+wszystki\w{1,2})?\s+"
    r"(?:poprzedni\w+|wcześniejsz\w+|powyższ\w+)\s+(?:instrukcj\w+|poleceni\w+|wskazówk\w+)\b(?!\s+(?:dotycząc\w+|dla|do|w)\b)",
    # Russian
    r"\b(?:игнорируй(?:те)?|проигнорируй(?:те)?|забудь(?:те)?)\b(?:\s+все)?\s+(?:предыдущие|прежние|прошлые)"
    r"\s+(?:инструкции|указания|команды)\b(?!\s+(?:по|для|о|об|на)\b)",
    # Turkish
    r"\b(?:önceki|yukarıdaki)\s+(?:tüm\s+|bütün\s+)?talimat\w*\s+(?:yok\s+say|görmezden\s+gel|unut)",
    # Chinese, Japanese
    r"(?:忽略|无视|無視|忽視|忘记|忘記)(?:您|你|掉|之前|以前|先前|前面|上述|以上|此前|所有|全部|一切|的){1,6}(?:指示|指令|提示词?|說明)",
    r"(?:以前|これまで|前|上記|すべて|全て|全部)の?(?:の|すべて|全て){0,2}(?:指示|命令|プロンプト)[をは]?(?:すべて|全て|全部)?(?:無視|忘れ)",
)

INJECTION = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # ignore (all) previous instructions: those of the prompt, not those for a delivery
        rf"\b{_DISREGARD}\b(?:\s+[\w'’]+){{0,2}}\s*\b{_EARLIER}\b(?:\s+\w+){{0,2}}\s+{_RULES}\b"
        r"(?!\s+(?:for|on|about|regarding|concerning|to|für|zur?|zum|para|sobre|pour|concernant)\b)"
        r"(?<!delivery instructions)(?<!shipping instructions)(?<!packing instructions)(?<!assembly instructions)",
        rf"\b{_DISREGARD}\b(?:\s+[\w'’]+){{0,3}}\s+{_RULES}\s+(?:anteriores|previas|précédentes|antérieures)\b",
        # a text that plays the system's part
        r"(?:^|\n)\W{0,3}(?:system|assistant|developer)\W{0,2}(?:prompt|message|override|instruction)?\s*:\s*"
        r"(?:you|please\s+\w+\s+(?:all|any|every)|ignore|approve|override|new instructions|set|do not|du"
        r"|sie|usted|tu|vous)\b",
        r"<\|?(?:im_start|im_end|system|assistant)\|?>|\[/?(?:INST|SYS)\]|<<SYS>>|</?system[_-]?(?:prompt|message)>",
        rf"\b{_any('you are(?: now)?', 'act as', 'pretend to be', 'du bist(?: jetzt)?', 'agiere als')}"
        rf"\s+(?:an?\s+|ein[e]?\s+)?(?:[\w-]+\s+){{0,2}}{_MACHINE}",
        rf"\b{_any('(?:ahora )?eres', 'actúa como', 'tu es(?: maintenant)?', 'agis comme')}"
        rf"\s+(?:una?\s+|une?\s+)?(?:[\w-]+\s+){{0,2}}{_MACHINE}",
        # approve this without review
        rf"\b{_APPROVE}\b[^.!?\n]{{0,60}}\b{_any('without', 'ohne', 'sin', 'sans')}\s+{_REVIEW}",
        rf"\b{_SKIP}\s+{_REVIEW}",
        # spoken to the machine
        r"\b(?:attention|note|notice|message|instructions?|hinweis|anweisung|nota|consigne)"
        rf"\s+(?:to|for|an|für|para|al?|à|pour)\s+{_MACHINE}",
        rf"(?:^|[.!?\n]\s*)(?:dear|hey|hello|hallo|hola|bonjour)?\s*{_MACHINE}\s*[,:]\s*"
        rf"(?:please\s+|bitte\s+|por favor\s+)?{_COMMANDS}\b",
        rf"(?:^|[.!?\n]\s*){_MACHINE}\s*:\s*{_BUSINESS_COMMANDS}\b",
        rf"\b(?:tell|instruct|make|force|weise|indica|dis à)\s+{_MACHINE}\s+(?:to|an|que|de)\b",
        r"\b(?:mark|flag|treat|classify)\s+(?:this|the|it)(?:\s+\w+){0,3}\s+as\s+(?:already\s+|pre-?)?"
        r"(?:approved|reviewed|verified)\b",
        r"\b(?:reveal|print|repeat|show|output)\s+(?:me\s+)?(?:your|the)\s+(?:system\s+)?"
        r"(?:prompt|instructions verbatim)\b",
        # the form a model fills in, or the parts of a prompt, as if a message could bring its own
        r"(?:^|\n)\W{0,3}-{2,}\s*(?:system|user|assistant)\s*-{2,}",
        r"[\"']intent[\"']\s*:\s*[\"'](?:new_order|change_order|cancel_order|order_status|quote_request|other)[\"']",
        *_ELSEWHERE,
    )
)

_DETAILS = r"(?:account|details|information|data|instructions|coordinates)"
BANK_CHANGE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:new|changed?|updated?|different|revised)\s+(?:our\s+|the\s+|my\s+)?"
        rf"(?:bank(?:ing)?|remittance|payment|wire transfer)\s+{_DETAILS}",
        rf"\b(?:bank(?:ing)?|wire transfer|remittance)\s+{_DETAILS}\b[^.!?\n]{{0,40}}"
        r"\b(?:has|have|was|were|is being|are being)\s+"
        r"(?:been\s+|recently\s+)*(?:changed|updated|replaced|moved)",
        rf"\b(?:update|change|replace)\b[^.!?\n]{{0,30}}\b(?:bank(?:ing)?|wire transfer|remittance)\s+{_DETAILS}",
        r"\b(?:neue|geänderte|aktualisierte)n?r?\s+(?:bank(?:verbindung|daten)|kontoverbindung|iban)",
        r"\b(?:bankverbindung|kontoverbindung|bankdaten|iban)\b[^.!?\n]{0,60}\b(?:geändert|gewechselt|aktualisier\w*|neu)\b",
        r"\b(?:nuev[oa]s?|cambio de)\s+(?:datos\s+bancarios|cuenta\s+bancaria|iban)",
        r"\b(?:datos\s+bancarios|cuenta\s+bancaria)\b[^.!?\n]{0,40}\b(?:ha[n]?\s+cambiado|actualizad\w+|nuev\w+)",
        r"\b(?:nouve(?:au|lles?|aux)|changement de)\s+(?:coordonnées\s+bancaires|compte\s+bancaire|rib|iban)",
        r"\b(?:coordonnées\s+bancaires|compte\s+bancaire|rib)\b[^.!?\n]{0,40}\b(?:changé|modifié\w*|mis\w* à jour)",
    )
)
