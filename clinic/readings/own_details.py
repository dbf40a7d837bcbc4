"""Whether a visitor asks what the clinic holds of them: "what number do you have for me?"."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import PlainText

CONTACT_NAME, PHONE, EMAIL, PREFERRED_TIME = "contact_name", "phone", "email", "preferred_time"
ALL = frozenset({CONTACT_NAME, PHONE, EMAIL, PREFERRED_TIME})
_LONGEST_CLAUSE = 200

_WORDS_OF_FIELD = {
    EMAIL: r"e-?mails?(?: address(?:es)?| adress)?|correo",
    PHONE: r"(?:(?:phone|cell|mobile|telephone|contact|callback|call back) ?)?(?:numbers?|nums?|nbr|#|digits|no\.)"
    r"|phones?|cell(?:phone)?"
    r"|mobile|telephone|número|numero|tel[eé]fono",
    CONTACT_NAME: r"names?|nombre",
    PREFERRED_TIME: r"(?:time|day|date)s?(?: and (?:time|day|date))?|slots?|hora|d[ií]a|fecha",
    "all": r"(?:contact )?(?:details?|info(?:rmation|s)?)|data|stuff|things?|answers?|datos|informaci[oó]n",
    "request": r"requests?|submission|solicitud",
}
_OF = {field: re.compile(rf"\b(?:{words})(?!\w)") for field, words in _WORDS_OF_FIELD.items()}
_FIELD = rf"(?:{'|'.join(_WORDS_OF_FIELD.values())})"
_BESIDE = (
    r"(?:(?:full|first|last|contact|cell|mobile|home|preferred|requested|appointment|appt|personal|own|phone|right"
    r"|correct"
    r"|current|old|kind of|sort of|exact) )*"
)
_FIELDS = rf"{_BESIDE}{_FIELD}(?:(?:,|,? and|,? or| &|/| y) ?(?:what |which |my |the )?{_BESIDE}{_FIELD}){{0,3}}(?!\w)"
_WHAT = r"(?:what|wat|wut|wht|which|whats|what's|wats|what is|which is)"
_YOU = r"(?:you|u|ya|y'?all|yall|they|we)(?: guys| all)?"
_ADVERBS = r"(?: currently| still| already| even| actually| ever)*"
_SAID = (
    r"(?:gave|give|given|put|type|typed|enter|entered|write|wrote|say|said|tell|told|ask|asked|request|requested"
    r"|pick|picked"
    r"|choose|chose|leave|left|send|sent|sign up with|submit|submitted|use|used|provide|provided|want|wanted|set)"
)
_HOLD = (
    r"(?:have|has|got|gotten|know|keep|kept|saved?|stored?|noted?|recorded|remember|see|show|(?:put|take|took"
    r"|wrote) down)"
)
_FRAMES = [
    re.compile(frame)
    for frame in (
        rf"\b{_WHAT}(?:'?s| is| was| are| were)? my {_FIELDS}",
        rf"\b{_WHAT} {_FIELDS} (?:do|did|have|had|has|does|are|r) {_YOU}{_ADVERBS} {_HOLD}\b",
        rf"\b{_WHAT} {_FIELDS} (?:did|have|had|do) i{_ADVERBS} {_SAID}\b",
        rf"\b{_WHAT} (?:the )?{_FIELDS} (?:that )?i(?:'ve|'d| have| had)? {_SAID}\b",
        rf"\b{_WHAT} {_FIELDS} (?:that )?{_YOU} {_HOLD}\b",
        rf"\b(?:{_WHAT}|is) the {_FIELDS} (?:that )?{_YOU} {_HOLD} (?:for|on|of|from) me\b",
        rf"\b{_WHAT} (?:the )?{_FIELDS} (?:is |are )?(?:on|under|in|for) my (?:request|file|name)\b",
        rf"\b{_WHAT} {_FIELDS} (?:will|would|are|r) {_YOU} (?:(?:going to |gonna )?(?:call|text|email|reach"
        rf"|contact)(?: me|\W*$)"
        r"|using for me)",
        rf"\b(?:what|how)(?: did)? i (?:say|said|spell|spelled|put|gave|give)(?: down)?(?: for| as)? my {_FIELDS}",
        r"\bwhose name (?:is it|is this|is the request|did i put)",
        rf"\b{_WHAT} {_FIELDS} (?:is|are|was|were|am i) (?:(?:saved|stored|listed|down|on file|on record|there"
        rf"|under|registered)"
        r"(?: for| under| as)?(?: me| my)?|it under|i (?:down|under)|my request|on my)",
        rf"\b(?:do|did|have|does) {_YOU}{_ADVERBS} (?:have|got|get|gotten|save|saved|remember|know|catch|store"
        rf"|write down)"
        rf"(?: all)?(?: of)? (?:my|the (?:right|correct)) {_FIELDS}",
        rf"\b(?:did|have|had) i{_ADVERBS} (?:give|gave|given|tell|told|leave|left|send|sent)(?: {_YOU})?{_ADVERBS}"
        rf" (?:all )?(?:of )?(?:my|the (?:right|correct)) {_FIELDS}",
        rf"\b(?:show|tell|remind)(?: me| us)(?: of| about)? my {_FIELDS}",
        rf"\b(?:repeat|read(?: me)?(?: back)?|see|view|show|read out) (?:back )?my {_FIELDS}",
        rf"\b(?:is|are) (?:my|the) {_FIELDS} (?:still|right|correct|the same|saved|on file|on record|in there"
        rf"|in the system)\b",
        rf"\b(?:cu[aá]l es|cu[aá]les son) mis? {_FIELDS}",
        rf"\bqu[eé] {_FIELDS} (?:tienen|tiene|tienes|di|les di|te di|puse|dije)\b",
    )
]
_FRAMES_OF_ALL = re.compile(
    rf"\b(?:what|wat|wut)(?: all| else| exactly)? (?:do|did|have) {_YOU}{_ADVERBS} {_HOLD}(?: saved| stored| down"
    rf"| written| noted)*"
    r" (?:on|about|for|of|regarding|under|down for) (?:me|my name|my request)\b"
    rf"|\b(?:what|wat|wut)(?: all| exactly)? (?:do|have) {_YOU}{_ADVERBS} {_HOLD}(?: down| saved"
    rf"| written)* (?:so far|on file)\b"
    r"|\b(?:what|wat|wut)(?: all| exactly)? (?:did|have|had) i (?:give|gave|given|tell|told|put down|put in|enter"
    r"|submit|send|sent)"
    r"(?: you| u| yall)?(?: so far| again| before| earlier| already| down)*\W*$"
    rf"|\b(?:show|see|tell|remind|repeat|read|forgot|remember|check|recap)\b[\w ,']{{0,20}} what(?: all)? i(?:'ve)?"
    r" (?:gave|given|told|put|said|entered|sent|submitted|requested|wrote)\b"
    r"|\b(?:tell|show)(?: me)? (?:what|everything|all)(?: that)? you(?:'ve)? (?:have|know|got)(?: saved)?(?: on"
    r"| about| of| for) me\b"
    r"|\bwhat(?:'?s| is) on file for me\b"
    r"|\bqu[eé] (?:tienen|saben|tiene) (?:de|sobre) m[ií]\b"
)
_FRAMES_OF_TIME = re.compile(
    r"\bwhen (?:was|is|were) (?:my|the)(?: appointment| appt| visit)? (?:request|preferred|time)\b"
    r"|\bwhen (?:did|do) i (?:ask|say|said|want|request|pick|choose|put)\b"
    r"|\bwhen (?:was|is) (?:my|the) (?:appointment|appt|visit)(?: for)? again\b"
    r"|\bwh(?:en|at (?:time|day|date)) (?:did i|was i|i) (?:ask|asking|say|request|requesting|requested|asked|said)\b"
    r"|\bwh(?:en|at (?:time|day|date)) (?:is|was) (?:my request|the request i)\b"
    r"|\b(?:what|which) (?:time|day|date)s? (?:do|did|have|are) (?:you|u|they)(?: guys)? (?:have |got "
    r"|put )?me (?:down|in)\b"
    r"|\b(?:what|which) (?:time|day|date)s? am i (?:down|asking)\b"
)
_FRAMES_OF_NAME = re.compile(
    r"\bwho am i\b|\b(?:do|did) (?:you|u) (?:know|remember) (?:who i am|me)\b|\bwho(?:'s| is) the request (?:for"
    r"|under)\b"
)
# A time that somebody else has is what the clinic has free; "my" number may also be what somebody asks to keep safe.
_FREE_TIME = re.compile(rf"\b{_WHAT} {_FIELDS} (?:do|does|are|r) {_YOU}{_ADVERBS} {_HOLD}\b")
_OF_MINE = re.compile(
    r"\b(?:for|on|of|about|from|under) (?:me|mine|my)\b|\bon (?:file|record)\b|\bdown\b"
    r"|\bwritten|\bsaved"
)
_ABOUT_ELSE = re.compile(
    r"\b(?:why|need|safe|private|privacy|secure|shar\w+|sell|sold|delet\w+|erase|remove|chang\w+|updat\w+|mean"
    r"|to do with"
    r"|used for|use it|do with|use my|if|queue|in line|size|results?|insurance|chart|records?|status|diagnos\w+"
    r"|skin|price"
    r"|your (?!system|records?|files?|notes|end|side|book)\w+|(?:clinic|office|doctor|place|dr)(?:'?s)? (?:phone"
    r"|number|name|email)"
    r"|call you|text you|reach you|who (?:else )?(?:sees|can|has|will|gets)|spell|come in|get seen|best|open|free"
    r"|available)\b"
)


def asks_for_own(text: str) -> frozenset[str] | None:
    """The details of their own that somebody asks to be told, out of `ALL`; None where they ask for none.

    Everything at once ("what do you have on me?") is `ALL`. The clinic's own number and hours, what happens with a
    detail and why it is needed are other questions.
    """
    asked: set[str] = set()
    for clause in re.split(r"[.?!;\n]+", PlainText.of(text).lower):
        asked |= _asked_in(" ".join(clause.split())[:_LONGEST_CLAUSE])
    return frozenset(asked) or None


def _asked_in(clause: str) -> frozenset[str]:
    if _FRAMES_OF_TIME.search(clause):
        return frozenset({PREFERRED_TIME})
    if _ABOUT_ELSE.search(clause):
        return frozenset()
    fields: set[str] = {CONTACT_NAME} if _FRAMES_OF_NAME.search(clause) else set()
    for frame in _FRAMES:
        match = frame.search(clause)
        if match:
            fields |= _fields_in(match.group(), clause)
    return frozenset(fields) or (ALL if _FRAMES_OF_ALL.search(clause) else frozenset())


def _fields_in(words: str, clause: str) -> frozenset[str]:
    fields = {field for field, pattern in _OF.items() if pattern.search(words)}
    if PREFERRED_TIME in fields and _FREE_TIME.search(clause) and not _OF_MINE.search(clause):
        fields.discard(PREFERRED_TIME)
    if EMAIL in fields and re.search(r"\b(?:get|got|gotten|catch) my", words):
        fields.discard(EMAIL)
    if "request" in fields and (
        len(fields) > 1
        or not re.search(
            r"\b(?:show|see|view|read|repeat|tell|remind"
            r"|what)\b",
            words,
        )
    ):
        fields.discard("request")
    return ALL if fields & {"all", "request"} else frozenset(fields)


_DETAIL = r"(?:names?|numbers?|details?|info\w*|e-?mail|phone|cell|contact)"
_YOU_HAVE = (
    r"(?<!do )(?<!did )(?<!if )\b(?:you|u|ya|they)(?:'ve| guys| all| already| still| should| must| just)*"
    r" (?:have|has|got|know)"
)
_POINTS_AT_DETAILS = re.compile(
    rf"{_YOU_HAVE}(?: got| all| both| of| on file)* (?:my|the|our) (?:\w+ ){{0,2}}{_DETAIL}\b"
    rf"|\bsame (?:{_DETAIL}|as (?:before|above|last time|on))\b",
    re.IGNORECASE,
)
_SAYS_AGAIN = re.compile(
    r"\b(?:you|u|ya)(?:'ve| guys| all)? already (?:have|has|got|know)\b"
    r"|\b(?:you|u) (?:have|got) (?:it|that|them|all of it|everything) already\b"
    r"|\bi(?:'ve)? (?:already|just) (?:gave|give|given|told|tell|sent|wrote|typed|said)\b",
    re.IGNORECASE,
)


_NOT_SO = re.compile(
    r"n't\b|\b(?:wrong|not|dont|didnt|cant|cannot|no|nope|never|old|former|other|another|different|gave up)\b",
    re.IGNORECASE,
)


def points_at_own_details(text: str) -> bool:
    """Whether somebody says that a name or contact of theirs is known: "you have my number". No question is that.

    Nor is any doubt: "you have the wrong number", "not the same number".
    """
    return _says(_POINTS_AT_DETAILS, text)


def points_at_what_is_known(text: str) -> bool:
    """The same, also where they do not name it: "I already told you". For answers to whether it is to be used."""
    return points_at_own_details(text) or _says(_SAYS_AGAIN, text)


def _says(pattern: re.Pattern[str], text: str) -> bool:
    plain = text.replace("’", "'")
    return "?" not in plain and _NOT_SO.search(plain) is None and pattern.search(plain) is not None
