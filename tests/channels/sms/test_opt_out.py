"""Every wish to be left alone is seen, and nothing else is taken for one."""

import pytest

from channels.sms.opt_out import Wish, asks_to_stop, wish_of

WISHES = (
    "please stop texting me",
    "Please stop texting me.",
    "stop texting me!!!",
    "STOP MESSAGING ME",
    "dont text me anymore",
    "don't text me any more please",
    "Don’t text me again",
    "do not text this number",
    "do not contact me again",
    "please do not message me anymore",
    "dont message here again",
    "never text me again",
    "I no longer want to receive these messages",
    "i dont want your texts",
    "I do not want to receive any more text messages",
    "I don't want any more texts",
    "i never want to be contacted again",
    "no more texts",
    "no more messages please",
    "no more of these messages",
    "enough of these texts",
    "quit texting me",
    "quit sending me stuff",
    "PLEASE QUIT SENDING ME THESE",
    "stop sending me messages",
    "stop sending these",
    "stop the texts",
    "stop all messages",
    "please stop these reminders",
    "cancel these texts",
    "turn off notifications",
    "remove me from your list",
    "please remove my number from your database",
    "take me off your list",
    "Take me off your text list before I report you",
    "take my number off the list",
    "delete my number from your system",
    "lose my number",
    "unsubscribe me",
    "please unsubscribe",
    "unsub",
    "unsubscribe from this",
    "opt out",
    "opt-out",
    "opt me out",
    "I want to opt out",
    "I revoke my consent",
    "I withdraw my permission to text me",
    "leave me alone",
    "please leave me alone",
    "stop please",
    "please stop",
    "stop now",
    "Stop it",
    "ok stop",
    "stop bothering me",
    "stop spamming me",
    "cease texting",
    "please discontinue these messages",
    "hey don't send me any more messages",
)
OTHERWISE_MEANT = (
    "cancel my appointment",
    "I need to cancel my appointment on Friday",
    "please cancel it",
    "stop my appointment request",
    "how do I stop milia from coming back",
    "can I stop using retinol",
    "it won't stop bleeding",
    "the itching does not stop",
    "does the scrubbing have to end",
    "should I quit my face cream",
    "how do I end up with milia",
    "text me",
    "please text me back",
    "can you text me the address",
    "you can message me on this number",
    "I don't want to be called, text me",
    "don't text me before 9 am",
    "please don't text me after 8pm",
    "why did you stop texting me",
    "did I opt out?",
    "how do i opt out",
    "I did not get a text",
    "I don't have messages from you",
    "I don't want an appointment",
    "I do not need a reminder of the price",
    "remove the milia from my eyelid",
    "can you take this bump off my list of worries",
    "take me to the next question",
    "never mind",
    "forget it",
    "no",
    "no thanks",
    "end of next week",
    "I quit smoking last year",
    "I want to revoke my old request and make a new one",
    "unsure",
    "help me stop scratching",
    "start of june",
    "yes please",
    "more info please",
)


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_in_any_wording_is_seen(text: str) -> None:
    assert wish_of(text, None, False) in (Wish.STOP_BY_WORDING, Wish.STOP_BY_KEYWORD)
    assert asks_to_stop(text) or wish_of(text, None, False) is Wish.STOP_BY_KEYWORD


@pytest.mark.parametrize("text", OTHERWISE_MEANT)
def test_nothing_else_is_taken_for_one(text: str) -> None:
    assert wish_of(text, None, False) is None


@pytest.mark.parametrize("word", ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"])
@pytest.mark.parametrize("shape", ["{}", " {} ", "{}.", "{}!!", "\n{}\n", '"{}"', "{}?"])
@pytest.mark.parametrize("case", [str.upper, str.lower, str.title], ids=["upper", "lower", "title"])
def test_the_carriers_words_count_in_any_case_and_with_marks(word: str, shape: str, case) -> None:
    assert wish_of(shape.format(case(word)), None, False) is Wish.STOP_BY_KEYWORD


@pytest.mark.parametrize(
    ("text", "carrier_says", "opted_out", "wish"),
    [
        ("start", None, True, Wish.START),
        ("UNSTOP", None, True, Wish.START),
        ("Start!", None, False, Wish.START),
        ("yes", None, True, Wish.START),
        ("yes", None, False, None),
        ("help", None, False, Wish.HELP),
        ("INFO", None, False, Wish.HELP),
        ("help my face is swelling", None, False, None),
        ("alto", "STOP", False, Wish.STOP_BY_KEYWORD),
        ("comenzar", "START", True, Wish.START),
        ("ayuda", "HELP", False, Wish.HELP),
        ("stop 12345", None, False, None),
    ],
    ids=str,
)
def test_start_and_help_and_what_the_carrier_says(text, carrier_says, opted_out, wish) -> None:
    assert wish_of(text, carrier_says, opted_out) is wish
