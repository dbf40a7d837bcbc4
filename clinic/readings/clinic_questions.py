"""Which of the clinic's own details a message asks for."""

import re

from clinic.contact import ADDRESS, HOURS, PHONE

_ASKED_FOR = {
    HOURS: re.compile(
        r"\b(?:hours?|hrs|open(?:s|ed|ing)?|clos(?:e|es|ed|ing)|what time|when (?:are|r|do) (?:you|u|they)|working days"
        r"|weekends?|holidays?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|sat|horario)\b",
        re.IGNORECASE,
    ),
    PHONE: re.compile(
        r"\b(?:phone|telephone|tel|number|nr|num|call(?:ing)?|ring|dial|fax|tel[eé]fono)\b|#", re.IGNORECASE
    ),
    ADDRESS: re.compile(
        r"\b(?:where|wheres|where's|address|adress|adres|addy|locat\w+|directions?|street|find you|get there|zip"
        r"|how far|which floor|suite|map|direcci[oó]n|d[oó]nde)\b",
        re.IGNORECASE,
    ),
}


def clinic_details_asked_for(text: str) -> tuple[str, ...]:
    """Which of `HOURS`, `PHONE` and `ADDRESS` the message names, in the order in which it names them."""
    found = {name: words.search(text) for name, words in _ASKED_FOR.items()}
    places = {name: match.start() for name, match in found.items() if match}
    return tuple(sorted(places, key=lambda name: places[name]))
