"""What visitors of a played conversation say: messages with their labels, and what they mean for the records."""

from dataclasses import dataclass, field

from tests.actions.played_conversation import Message


@dataclass(frozen=True)
class Move:
    """A message and what the visitor meant by it.

    `agrees` is True where a deed that was asked about may be done. `is_plain_yes` where it must be. `gives` holds the
    details by slot, in the form in which they are to be kept.
    """

    message: Message
    agrees: bool = False
    is_plain_yes: bool = False
    gives: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"{self.message.text!r} ({self.message.label})"


def _moves(label: str, *texts: str, agrees: bool = False, **message: object) -> tuple[Move, ...]:
    return tuple(Move(Message(text, label, **message), agrees) for text in texts)  # type: ignore[arg-type]


NAMES = ("Anna Kowalski", "José Luis de la Cruz", "Mary-Jane O'Neil", "dana fox", "Dr. Tomasz Zielinski")
PHONES = {
    "312 555 0142": "+13125550142",
    "(773) 555-0128": "+17735550128",
    "847.555.0199": "+18475550199",
    "312-555-0117 ext 4": "+13125550117x4",
}
EMAILS = ("anna.k@example.com", "dana@example.org")
TIMES = (
    "Friday around noon",
    "weekday mornings",
    "tmrw after 3",
    "next Tuesday at 4",
    "any day but Wednesday",
)
BARE_LABELS = ("inform", "out_of_scope", "faq/causes", "request_appointment")

NAME_ANSWERS = tuple(
    Move(Message(name, label), gives={"contact_name": name}) for name in NAMES for label in BARE_LABELS
)
PHONE_ANSWERS = tuple(
    Move(Message(text, label), gives={"phone": number}) for text, number in PHONES.items() for label in BARE_LABELS
)
EMAIL_ANSWERS = tuple(Move(Message(email), gives={"email": email}) for email in EMAILS)
TIME_ANSWERS = tuple(
    Move(Message(time, label), gives={"preferred_time": time}) for time in TIMES for label in BARE_LABELS[:2]
) + _moves("inform", "whenever", "idk", "no preference")
SEVERAL = tuple(
    Move(
        Message(f"{name}, {phone}, {time}"),
        gives={"contact_name": name, "phone": PHONES[phone], "preferred_time": time},
    )
    for name, phone, time in zip(NAMES, PHONES, TIMES, strict=False)
) + tuple(
    Move(Message(f"my name is {name} and my email is {email}"), gives={"contact_name": name, "email": email})
    for name, email in zip(NAMES, EMAILS, strict=False)
)
BAD_DETAILS = _moves(
    "inform", "312-555-01", "my phone is 555", "anna@", "yesterday", "february 30", "idk", "???", "42", "no name", "🙂"
)
CORRECTIONS = (
    *_moves("inform", "not Friday, Thursday", "make it mornings instead", "it's spelled Kowalsky", "or Monday"),
    *_moves("deny", "no, Thursday at 2", "that's the wrong number", "the name is wrong"),
    *(
        Move(Message(f"actually my number is {phone}"), gives={"phone": number})
        for phone, number in list(PHONES.items())[:2]
    ),
    Move(Message("use my email instead, dana@example.org"), gives={"email": "dana@example.org"}),
)
PLAIN_YESES = ("yes", "yes please send it", "ok", "👍", "Sure, go ahead")
YESES = tuple(Move(Message(text, "affirm"), agrees=True, is_plain_yes=True) for text in PLAIN_YESES)
YESES_TO_A_DEED = (
    *_moves("cancel_appointment", "yes cancel it", agrees=True),
    *_moves("delete_my_data", "yes delete everything", "delete it", agrees=True),
    *_moves("reschedule_appointment", "yes, change it", agrees=True),
)
DOUBTS = (
    *_moves("affirm", "i guess", "yes but wait", "sure if it's free", "maybe", "yes but my number is 312 555 0142"),
    *_moves("affirm", "yes but make it Wednesday at 2", "not yet", "hmm ok?"),
    *_moves("out_of_scope", "hmm", "hold on", "if i say yes what happens"),
    *_moves("thanks", "thank you"),
    *_moves("goodbye", "bye then"),
)
REFUSALS = (
    *_moves("deny", "no", "no thanks", "nope", "not now"),
    *_moves("stop", "never mind", "forget it"),
    *_moves("start_over", "start over"),
)
QUESTIONS = (
    *_moves("faq/are_milia_painful", "do they hurt?"),
    *_moves("faq/clinic_treats_milia", "do you remove milia"),
    *_moves("uncovered/cost_insurance", "how much does it cost?", "ok but is it expensive"),
    *_moves("uncovered/babies_children", "does my baby need treatment?"),
    *_moves("ask_diagnosis", "is this white bump milia?"),
    *_moves("faq/causes", "what causes them and is it dear?", second_label="uncovered/cost_insurance"),
    *_moves("faq/how_to_get_rid", "how do i get rid of them, and can i book?", second_label="request_appointment"),
    Move(Message("312 555 0142, do they hurt?", "faq/are_milia_painful"), gives={"phone": "+13125550142"}),
)
CHAT = (
    *_moves("greet", "hi there"),
    *_moves("goodbye", "bye"),
    *_moves("thanks", "thanks"),
    *_moves("bot_challenge", "are you a robot?"),
    *_moves("help", "what can you do?"),
    *_moves("privacy_question", "is this private?"),
    *_moves("out_of_scope", "do you like pizza", "asdf qwer"),
    *_moves("feedback_negative", "that was wrong", "this is useless!!"),
    *_moves("out_of_scope", "it is about that thing", candidates=("faq/causes", "request_appointment"), confidence=0.3),
    *_moves("cancel_appointment", "the other one", candidates=("cancel_appointment", "faq/causes"), confidence=0.3),
    *_moves("thanks", "gracias", language="es"),
    *_moves("request_appointment", "necesito una cita", language="es"),
)
WISHES = (
    *_moves("request_appointment", "I need an appointment", "book me in please", "can I come in about the bumps"),
    *_moves("request_appointment", "I'd like another appointment", "I need a second visit as well"),
    *_moves("request_appointment", "I want to have the bump under my eye looked at"),
    *_moves("request_appointment", "I need an appointment for my son Max", "I want to book for my daughter"),
    *_moves("request_appointment", "book my daughters Ana and Mia in", "my husband needs an appointment too"),
    *_moves("inform", "it's for me", "it's for my mother"),
    Move(
        Message("Set up a visit for me, Lena Brandt, 312-555-0170, next Friday at 2", "request_appointment"),
        gives={"contact_name": "Lena Brandt", "phone": "+13125550170", "preferred_time": "next Friday at 2"},
    ),
)
DANGERS = (
    *_moves("safety/emergency", "I can't breathe", "my lips are swelling up, my number is 312 555 0142"),
    *_moves("safety/emergency", "no puedo respirar", language="es"),
    *_moves("safety/self_harm", "I want to kill myself"),
    *_moves("safety/infection_or_injury", "I popped one and it's full of pus", "yes it is red and hot and full of pus"),
    *_moves("safety/changing_lesion", "one of them bleeds and grows"),
)
AFTER_DANGER = (
    *_moves("request_appointment", "I'm fine now, can we finish", "can we finish the booking?"),
    *_moves("inform", "I'm ok now", "my sister is driving me to the ER"),
    *_moves("out_of_scope", "nobody cares"),
)
OWN_AFFAIRS = (
    *_moves("cancel_appointment", "cancel my appointment", "take the second one back"),
    *_moves("reschedule_appointment", "I need another time", "can I move it to Monday at 10", "change the first one"),
    *_moves("appointment_status", "did it go through?", "what about Zelda Quimby, is she booked?"),
    *_moves("delete_my_data", "delete my data", "delete everything you have on me please"),
    *_moves("inform", "what's my number?", "what name do you have for me?"),
)
PERSON = (*_moves("talk_to_human", "let me talk to a human", "I have a question about my bill"),)
ANSWERS = {
    "contact_name": NAME_ANSWERS,
    "patient_name": _moves("inform", "Max Fox", "Mia", "id rather not say"),
    "contact": PHONE_ANSWERS + EMAIL_ANSWERS,
    "preferred_time": TIME_ANSWERS,
    "correction": CORRECTIONS,
    "confirmation": YESES,
}
