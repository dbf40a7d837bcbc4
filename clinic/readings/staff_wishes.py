"""Whether somebody wants to reach the staff: a person and nothing more, or a question or word passed on to them."""

import re
from pathlib import Path

from clinic.yaml_files import read_yaml

_ROLE = (
    r"(?:staff|team|doctors?|docs?|physicians?|dermatologists?|derms?|surgeons?|nurses?|providers?|specialists?"
    r"|receptionists?|reception|front[ -]?desk|desk|office|clinic|practice|managers?|boss|pharmacist|aesthetician"
    r"|medical assistant|pa|md|billing(?: (?:dept|department|office|people))?"
    r"|people (?:there|at the (?:clinic|office)))"
)
_WHOM = (
    r"(?:(?:(?:some|any)(?:one|body)|one|sum1|some1) (?:of|at|in|from|on) )?"
    rf"(?:(?:(?:the|ur|your|a|an|any|that|this|my|these|those) (?:\w+ ){{0,2}}?)?(?:{_ROLE})"
    r"|dr\.?(?: \w+)?|them|some(?:one|body))"
)
_POLITE = r"(?:(?:please|pls|plz|plse|kindly|maybe|possibly|perhaps|also|just|go|to|be so kind as to) )"
_LEADS_IN = (
    r"(?:please|pls|plz|kindly|also|and|then|ok|okay|yes|yeah|no|hi|hello|hey|yo|um|listen|so|but|just|you|well|thanks"
    r"|good morning|do me a favou?r and|go|be a dear and)"
)
_BEGINS = (
    rf"(?:^|(?<=[.,;:!?\n-])) *(?:{_LEADS_IN}[,!.]* +)*"
    r"|\b(?:please|pls|plz|kindly|and|also) (?:just |go |you )?"
    r"|\bif (?:you|u) (?:would|could|can|might) |\b(?:you|u)'d |\bcan (?=ask to )"
    r"|\b(?:can|could|cud|would|wud|will|might|may|can'?t|cant|couldn'?t|wouldn'?t) "
    rf"(?:you|u|ya|one of you|some(?:one|body)|some1|sum1|any(?:one|body))(?: (?:there|here))? {_POLITE}*"
    r"|\bwould you (?:mind|be able to|be willing to|be so kind as to|be so good as to) "
    r"|\bi(?:'d|'ll| would| do)? ?(?:want(?:ed)?|need(?:ed)?|like|wish(?:ed)?|wanna) (?:(?:you|u|someone|somebody) )?"
    r"(?:to )?"
)
_BESIDE = r"[:,]?(?: (?:please|pls|plz|for me|too|also|again|if you would),?)?"
_QUESTION = (
    r"(?:if|whether|wether|weather|about|abt|how|what|whats|what's|when|where|why|which|who|for(?! me\b)|regarding"
    r"|re|on|do|does|did|is|are|am|can|could|should|will|would|was|has|have)"
)
_WORD = r"(?:that|i|i'm|im|i've|ive|i'll|we|we're|my|he|she|it|it's|the|there|this|our|they|about)"
_ASKS = (
    r"(?:ask(?:ing)?(?: to)?|check(?:ing)? with|find(?:ing)? out from|inquir\w+ (?:of|with))"
    rf" {_WHOM}{_BESIDE} {_QUESTION}\b.{{2,}}"
)
_TELLS = (
    rf"(?:(?:tell|telling|inform|remind|warn)(?: to)? {_WHOM}:? {_WORD}\b.{{2,}}"
    rf"|let(?:ting)? {_WHOM} know[:,]? {_WORD}\b.{{2,}})"
)
_RUNS = (
    r"(?:run|put|pass|give|send|relay|forward) (?:this|it|that|my question|a (?:question|message|note)|this question)"
    rf"(?: on| along)? (?:by|to|before|past) {_WHOM}[:,]? .{{6,}}"
)
_PASSED_ON = re.compile(rf"(?:{_BEGINS})(?:{_ASKS}|{_TELLS}|{_RUNS})", re.IGNORECASE | re.DOTALL)
_WORDS = re.compile(r"[\w']+")
_LISTS: dict[str, list[str]] = read_yaml(Path(__file__).with_name("staff_wishes.yml"))
_PERSONS = frozenset(_LISTS["persons"])
_AROUND_PERSONS = frozenset(_LISTS["around"])
LONGEST = 160
LONGEST_WORD_LEFT = 500
"""Characters that are looked at: the time grows with their square."""
_ASKS_WHETHER_TO = re.compile(
    r"\b(?:do|did|should|must|shall|have|am|are) (?:i|we)\b[^.!?]*\b(?:ask|tell|check|let|inform|remind|warn)\b",
    re.IGNORECASE,
)


def leaves_word_for_staff(text: str) -> bool:
    """Whether the message itself is to be put before the staff: "can you ask the doctor if I may swim after".

    Not so a question about asking them ("should I tell the doctor first?"), and a wish for a call and nothing more.
    """
    plain = _straight(text)[:LONGEST_WORD_LEFT]
    return _ASKS_WHETHER_TO.search(plain) is None and _PASSED_ON.search(plain) is not None


def asks_for_a_person(text: str) -> bool:
    """Whether a short message wants a person and says nothing else: "real person", "I just want to talk to a human"."""
    words = _WORDS.findall(_straight(text).casefold())
    if len(text) > LONGEST or not _PERSONS.intersection(words):
        return False
    return _PERSONS.union(_AROUND_PERSONS).issuperset(words)


def _straight(text: str) -> str:
    return text.replace("’", "'")
