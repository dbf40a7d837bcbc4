"""All that reads what strangers write. `python -m tests.fuzz.readers 1` lets it read long, repetitive texts."""

import sys
from collections.abc import Callable
from datetime import datetime

from channels.sms.numbered_choices import chosen
from channels.sms.opt_out import asks_to_stop, wish_of
from channels.sms.reply_text import Parts, fit
from channels.typed_text import without_controls
from channels.web.tokens import SessionTokens
from clinic.readings.confirmations import begins_with_yes, has_doubt, is_plain_yes, is_waiting
from clinic.readings.emails import is_email_attempt, read_email
from clinic.readings.name_changes import changed_name
from clinic.readings.names import read_name, read_name_answer
from clinic.readings.own_details import asks_for_own
from clinic.readings.patients import contact_name, read_companions, read_patient, read_patient_name
from clinic.readings.phone_changes import corrected_phone
from clinic.readings.phones import read_phone
from clinic.readings.spellings import respelled
from clinic.readings.time_changes import adds_time, changed_time
from clinic.readings.time_problems import time_problem
from clinic.readings.time_rejections import without_what_is_wrong
from clinic.readings.times import is_no_preference, read_time_answer
from conversations.redaction import redact
from conversations.taught_text import UnteachableError, taught_line
from monitoring.metric_access import may_read_metrics
from nlu.safety_phrases import shared_safety_phrases
from nlu.segments import questions_of, segments_of
from nlu.text_cleaning import clean_text

NOW = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 - the clinic's local time
# More than any way in lets through: 5,000 characters on the web, 1,600 in a text message.
LENGTH = 12_000
UNITS = (
    *("a", "A", "1", " ", ".", ",", "-", "'", "@", "(", ")", ":", "/", "\n", "\t", "é", "\u200b", "\u0301", "中", "😀"),
    *("a ", "a.", "a@", "a-", "A ", "A.", "Ab ", "1 ", "1-", "1.", "(1", "1/", "no ", "not ", "and ", "my ", "is "),
    *(
        "Anna ",
        "O'",
        "van de ",
        "Dr. ",
        "my name is ",
        "call me ",
        "it's ",
        "I'm ",
        "my son ",
        "for my ",
        "e@e.",
        "@a.",
    ),
    *("at ", "monday ", "1pm ", "next ", "12/12 ", "no, ", "instead of ", "change ", "with an e ", "two ls ", "www."),
    *("555-0100 ", "+1 312 ", "extension 1 ", "street ", "12 Main St, ", "born 1/1/", "MRN 1", "stop ", "text me "),
    *("don't ", "swelling ", "i can't breathe ", "!?", "[name] ", "{", "/", "a1", "\ud800"),
)
TOKENS = SessionTokens("x" * 40)


def _taught(text: str) -> str | None:
    try:
        return taught_line(text)
    except UnteachableError:
        return None


READERS: dict[str, Callable[[str], object]] = {
    "names": lambda text: (read_name(text), read_name_answer(text)),
    "changed names": lambda text: changed_name("Anna Meyer", text, read_name(text)),
    "spellings": lambda text: respelled("Anna Meyer", text),
    "phones": read_phone,
    "changed phones": lambda text: corrected_phone("+13125550100", text),
    "e-mail addresses": lambda text: (read_email(text), is_email_attempt(text)),
    "times": lambda text: (read_time_answer(text), is_no_preference(text), time_problem(text, NOW)),
    "changed times": lambda text: (adds_time(text), changed_time("monday at 3", text, read_time_answer(text))),
    "rejected times": without_what_is_wrong,
    "confirmations": lambda text: (is_plain_yes(text), begins_with_yes(text), has_doubt(text), is_waiting(text)),
    "own details": asks_for_own,
    "patients": lambda text: (read_patient(text), read_patient_name(text), read_companions(text), contact_name(text)),
    "redaction": lambda text: redact(text, ("Anna Meyer", "+13125550100", "anna@example.com")),
    "taught lines": _taught,
    "opt-outs": lambda text: (asks_to_stop(text), wish_of(text, None, False)),
    "numbered choices": lambda text: chosen(text, ("Yes, send it", "Change something", "No")),
    # Ours, with what a visitor gave filled in, which is short.
    "replies by text": lambda text: fit(Parts((text[:1_000],), first=text[:100], choices="1 Yes"), "Reply MORE"),
    "controls": without_controls,
    "cleaning": clean_text,
    "questions": questions_of,
    "segments": segments_of,
    "safety phrases": lambda text: shared_safety_phrases().find(text),
    "session tokens": TOKENS.session_id,
    "metrics' headers": lambda text: may_read_metrics("10.0.0.7", {"Authorization": text, "Host": text}, "t" * 40),
}


def long_texts(length: int = LENGTH) -> list[str]:
    """Texts of one unit over and over, ended by a sign at which a greedy pattern would have to go back."""
    return [unit * (length // len(unit)) + "!" for unit in UNITS]


if __name__ == "__main__":
    # One of so many texts, another one for each reader.
    EACH = int(sys.argv[1])
    for NUMBER, (NAME, READ) in enumerate(READERS.items()):
        for LONG_TEXT in long_texts()[NUMBER % EACH :: EACH]:
            READ(LONG_TEXT)
        print(NAME)
