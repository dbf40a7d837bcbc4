"""Whether a text says that no more are wanted, or that they are wanted again. Pure functions.

The single words are those that Twilio acts on itself when they are the whole message
(https://help.twilio.com/articles/223134027). Any other reasonable wording counts too: 47 CFR 64.1200(a)(10).
"""

import re
from enum import Enum

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
START_WORDS = frozenset({"start", "unstop"})
# Twilio takes it for START as well. It is an opt-in only from somebody who has opted out; else it is just an answer.
YES_WORD = "yes"
HELP_WORDS = frozenset({"help", "info"})
CARRIER_STOP, CARRIER_START, CARRIER_HELP = "STOP", "START", "HELP"


class Wish(Enum):
    """What a text says about being texted."""

    STOP_BY_KEYWORD = "stop by keyword"
    STOP_BY_WORDING = "stop by wording"
    START = "start"
    HELP = "help"


_MESSAGES = r"(?:texts?|txts?|sms|messages?|msgs?|texting|messaging|notifications?|alerts?|reminders?)"
_MANY = r"(?:texts|txts|sms|messages|msgs|text messages|notifications|alerts|reminders)"
_WRITING = r"(?:text|txt|texting|txting|messaging|message|msg|sms|contact|contacting|writing|write|spamming|spam)"
_NUMBER = r"(?:(?:my|this) (?:(?:cell |mobile )?phone(?: number)?|(?:cell |mobile )?number|cell|mobile))"
_ME = rf"(?:me|us|{_NUMBER}|here)"
_LIST = r"(?:(?:your |the |this |any |all )*(?:[a-z]+ ){0,2}(?:lists?|database|texts?|messages|contacts|system))"
_NO = r"(?:do not|don'?t|dont|do ?nt|never|no longer|not)"
_STOP = r"(?:stop|quit|cease|end|halt|discontinue|sotp|stpo|turn off|knock off)"
_SUCH = r"(?:any |all |the |these |those |this |your |such |more |further |with |of |appointment )*"
_COURTESY = r"(?:please |pls |plz |ok |okay |just |hey |kindly )*"

_OPT_OUTS = (
    # stop texting me, stop these messages, turn off all alerts, cancel these texts
    rf"\b{_STOP} (?:me )?{_SUCH}{_MESSAGES}\b",
    rf"\bcancel {_SUCH}{_MANY}\b",
    rf"\b{_STOP} (?:{_WRITING}|bothering|bugging|harassing|sending (?:me|us|these|this|stuff|things?|anything))\b",
    # do not text me, dont contact this number, I never want to be texted again
    rf"\b{_NO} (?:ever |please |wish to be |want to be |want you to |wanna be )*"
    rf"(?:{_WRITING}|texted|messaged|contacted)(?: (?:to )?{_ME}\b| any ?more| again| ever|$)",
    # I don't want your messages, send no more of them
    rf"\b{_NO} (?:ever |please )*(?:send|want|need|wish|wanna get|like|care for|get|receive|deliver)"
    rf"(?: to (?:get|receive|have))?(?: (?:me|us))? {_SUCH}{_MANY}\b",
    rf"\b(?:no|enough)(?: more| further)+ {_SUCH}{_MESSAGES}\b",
    rf"\benough {_SUCH}{_MANY}\b",
    # remove me from your list, take my number off
    rf"\b(?:remove|take|delete|drop|get|scratch|strike|pull|wipe) (?:me|us|{_NUMBER}) (?:off|from|out of)"
    rf"(?: of)? {_LIST}\b",
    rf"\b(?:take (?:me|{_NUMBER}) off|remove (?:me|{_NUMBER})|lose {_NUMBER})$",
    # unsubscribe me, opt me out, I revoke my consent
    rf"\bunsub(?:scribe)?(?: (?:me|us|please|now|from)\b| {_NUMBER}|$)",
    r"\bopt(?:ing|ed)?[ -]?(?:me |us |my number )?out\b(?! of (?:the|my|this) (?:procedure|treatment|surgery|visit))",
    r"\b(?:revoke|withdraw|take back)(?: my| the)? (?:consent|permission)\b",
    # when it is all that is said: leave me alone; a single word with a courtesy around it
    rf"^{_COURTESY}leave (?:me|us) (?:alone|be)(?: please| now)?$",
    rf"^{_COURTESY}(?:stop|stopall|stop all|quit)"
    r"(?: please| pls| plz| now| it| this| thanks| thank you| all| everything| already| immediately)*$",
)
_NOT_MEANT = (
    # questions about texts
    r"^(?:why|did|have|has|when did|how do i know)\b",
    r"\bif (?:i|you) (?:stop|opt)\b",
    r"\bhow (?:do|can|would) i (?:stop|opt|unsubscribe)",
    # when somebody wants to be texted
    r"\b(?:before|after|until|till) (?:\d|noon|midnight|work|lunch|then|tomorrow|next|\w+day\b)",
    r"\b(?:at night|at work|too early|too late|during|while i)\b",
)
_OPT_OUT = re.compile("|".join(f"(?:{pattern})" for pattern in _OPT_OUTS))
_OTHERWISE_MEANT = re.compile("|".join(_NOT_MEANT))


def wish_of(text: str, carrier_says: str | None, has_opted_out: bool) -> Wish | None:
    """What the text says about being texted, if anything.

    Args:
        text: as the visitor wrote it.
        carrier_says: Twilio's `OptOutType`, where Twilio has acted on the text already.
        has_opted_out: whether the visitor's last word was to stop.
    """
    word = text.casefold().strip(" \t\r\n.,;:!?'\"()*-")
    if carrier_says == CARRIER_STOP or word in STOP_WORDS:
        return Wish.STOP_BY_KEYWORD
    if carrier_says == CARRIER_START or word in START_WORDS or (word == YES_WORD and has_opted_out):
        return Wish.START
    if carrier_says == CARRIER_HELP or word in HELP_WORDS:
        return Wish.HELP
    return Wish.STOP_BY_WORDING if asks_to_stop(text) else None


def asks_to_stop(text: str) -> bool:
    """Whether a sentence asks for no more texts. It says nothing about how urgent the rest of it may be."""
    plain = _plain(text)
    return bool(_OPT_OUT.search(plain)) and not _OTHERWISE_MEANT.search(plain)


def _plain(text: str) -> str:
    straight = text.casefold().replace("\u2019", "'")
    return " ".join(re.sub(r"[^\w' -]+", " ", straight).split())
