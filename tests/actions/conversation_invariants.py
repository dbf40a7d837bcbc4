"""What must hold after every message of a played conversation, whatever the visitor does."""

import re
from dataclasses import dataclass, field

from actions.details import CONFIRMATION, CORRECTION, shown_phone
from actions.replies import Choice
from tests.actions.clinic_records import OTHER_NAME, OTHER_PHONE, OTHER_TIME, ClinicRecords, Row
from tests.actions.played_conversation import PlayedConversation, PlayedTurn, Said, Trouble, plain_words
from tests.actions.visitor_moves import Move

READ_BACK = "utter_ask_confirmation"
CHANGE, WITHDRAWAL, ERASURE = "utter_confirm_change", "utter_confirm_withdrawal", "utter_confirm_erasure"
DEEDS = frozenset({READ_BACK, CHANGE, WITHDRAWAL, ERASURE})
# After these the question before still waits for its answer.
LEAVES_THE_QUESTION = frozenset(
    {"utter_take_your_time", "utter_not_stored", "utter_turn_failed", "utter_request_not_changed", "utter_not_erased"}
)
# What a yes leads to when an earlier one stored the request and its reply was lost.
AFTER_A_LOST_REPLY = frozenset(
    {
        "utter_request_already_stored",
        "utter_request_changed",
        "utter_not_changeable",
        "utter_appointment_status_with_staff",
        "utter_appointment_status_closed",
    }
)
NOT_BOOKED = re.compile(r"not a booking|not marked (?:it|them) as booked|nothing is booked|not booked", re.IGNORECASE)
CLAIMS_BOOKING = re.compile(r"\bbooked\b|\bconfirmed\b", re.IGNORECASE)
ASKS_FOR_KNOWN = {
    "contact_name": re.compile(r"utter_ask_contact_name"),
    "contact": re.compile(r"utter_ask_contact(?!_name)"),
    "preferred_time": re.compile(r"utter_ask_preferred_time"),
    "patient_name": re.compile(r"utter_ask_patient_name"),
}
CORRECTING = frozenset({CONFIRMATION, CORRECTION})
CHANGEABLE = ("contact_name", "patient_name", "patient_relation", "phone", "email", "preferred_time", "reason")
NO_WORDS_OF_THE_VISITOR = {"no preference", "name not given"}


@dataclass
class Records:
    """What the database held of the visitor at one moment."""

    requests: dict[str, Row]
    messages: dict[str, Row]

    @classmethod
    def of(cls, records: ClinicRecords) -> "Records":
        return cls(records.requests(), records.messages())


@dataclass
class Visit:
    """A played conversation, held against what its visitor said and read."""

    conversation: PlayedConversation
    words: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    question: Said | None = None
    is_fresh: bool = False
    last_text: str = ""
    some_reply_was_lost: bool = False
    is_stored_unseen: bool = False
    correcting: bool = False
    last_choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        self.records = self.conversation.records
        self.others = self.records.of_somebody_else()
        if self.conversation.sender_phone:
            self.numbers.add(self.conversation.sender_phone)

    def say(self, move: Move, trouble: Trouble = Trouble.NONE) -> PlayedTurn:
        """Send a message and check everything."""
        self._remember_words(move)
        if trouble is Trouble.SILENCE:
            self.question = None
        before, asked = Records.of(self.records), self.conversation.asked
        turn = self.conversation.hear(move.message, trouble)
        after = Records.of(self.records)
        self.some_reply_was_lost = self.some_reply_was_lost or trouble in (Trouble.REPLY_LOST, Trouble.REDELIVERED)
        self._check_what_is_said(move, turn)
        self._check_questions(turn, asked)
        self._check_requests(move, before, after)
        self._check_messages(turn, before, after, trouble)
        self._check_claims(turn, before, after, trouble)
        if asked == CONFIRMATION or self.is_fresh:
            self._check_a_plain_yes(move, turn, trouble)
        self._check_details_are_kept(move, asked, trouble, after)
        assert self.records.of_somebody_else() == self.others, "somebody else's records were touched"
        if turn.erased:
            self._check_nothing_is_left()
        self._take_note(turn)
        # While the form goes on, a request that it stored without the visitor's knowing is still the same one.
        lost = "utter_request_stored" in turn.lost or self.is_stored_unseen
        self.is_stored_unseen = lost and self.conversation.active_form is not None
        return turn

    def _remember_words(self, move: Move) -> None:
        self.words |= plain_words(move.message.text)
        self.numbers |= {value for slot, value in move.gives.items() if slot == "phone"}
        self.numbers |= {"+13125550142"} if "312 555 0142" in move.message.text else set()
        self.emails |= {word.strip(".,").lower() for word in move.message.text.split() if "@" in word}

    def _take_note(self, turn: PlayedTurn) -> None:
        if turn.erased:
            self.words, self.emails, self.numbers = set(), set(), set()
            self.some_reply_was_lost = False
            if self.conversation.sender_phone:
                self.numbers.add(self.conversation.sender_phone)
        questions = [utterance for utterance in turn.said if utterance.response in DEEDS]
        self.is_fresh = bool(questions)
        if questions:
            self.question = questions[-1]
        elif not set(turn.responses) <= LEAVES_THE_QUESTION:
            self.question = None
        self.last_choices = tuple(choice for utterance in turn.said for choice in utterance.choices)

    def _check_what_is_said(self, move: Move, turn: PlayedTurn) -> None:
        assert turn.said, "nothing was said"
        for utterance in turn.said:
            assert utterance.text != self.last_text, f"said twice in a row: {utterance.text}"
            self.last_text = utterance.text
            assert not CLAIMS_BOOKING.search(NOT_BOOKED.sub("", utterance.text)), utterance.text
            for secret in (OTHER_NAME, OTHER_PHONE, OTHER_TIME, shown_phone(OTHER_PHONE)):
                assert secret.casefold() not in utterance.text.casefold(), "somebody else's details were shown"
        if move.message.safety:
            assert turn.responses[0].startswith("utter_safety"), f"safety is not first: {turn.responses}"
            assert not any(response.startswith("utter_ask_") for response in turn.responses), turn.responses

    def _check_questions(self, turn: PlayedTurn, asked_before: str | None) -> None:
        """No question for what is known; somebody who corrects at the read-back is asked for the new value."""
        now = self.conversation.asked
        if asked_before in CORRECTING:
            self.correcting = now not in (None, CONFIRMATION)
        elif now in (None, CONFIRMATION):
            self.correcting = False
        if self.correcting:
            return
        slots = self.conversation.slots
        for slot, question in ASKS_FOR_KNOWN.items():
            known = (slots.get("phone") or slots.get("email")) if slot == "contact" else slots.get(slot)
            asked = [response for response in turn.responses if question.match(response)]
            assert not (known and asked), f"{asked}, although {slot} is known"

    def _check_requests(self, move: Move, before: Records, after: Records) -> None:
        added = [row for row in after.requests.values() if row["id"] not in before.requests]
        removed = set(before.requests) - set(after.requests)
        assert len(added) <= 1, "one message stored two requests"
        assert not (added and self.is_stored_unseen), "one read-back was stored twice"
        for row in added:
            assert move.agrees, f"stored without a yes: {row}"
            assert self.question is not None and self.question.response == READ_BACK, "stored without a read-back"
            self._check_is_what_was_read_back(row)
            self._check_was_said(row)
        if removed:
            assert self.question is not None and self.question.response == ERASURE and move.agrees, "erased unasked"
        for row in after.requests.values():
            if row["id"] in before.requests and before.requests[row["id"]] != row:
                self._check_change(move, before.requests[row["id"]], row)

    def _check_is_what_was_read_back(self, row: Row) -> None:
        assert self.question is not None
        shown = self.question.variables
        contact = [shown_phone(row["phone"])] if row["phone"] else []
        contact += [row["email"]] if row["email"] else []
        assert shown["contact_shown"] == " or ".join(contact), f"{shown} but stored {contact}"
        assert shown["preferred_time"] == row["preferred_time"]
        name = row["contact_name"]
        assert shown["contact_name"] == name or shown["contact_name"].startswith(f"{name} (visit for ")
        assert ("(visit for" in shown["contact_name"]) == bool(row["patient_relation"])
        if row["patient_name"] and row["patient_name"] not in NO_WORDS_OF_THE_VISITOR:
            assert shown["contact_name"] == f"{name} (visit for {row['patient_name']})"
        if row["reason"]:
            assert row["reason"].rstrip(".") in shown["reason_shown"]

    def _check_was_said(self, row: Row) -> None:
        for slot in ("contact_name", "patient_name", "preferred_time", "reason"):
            value = row[slot]
            if value and value not in NO_WORDS_OF_THE_VISITOR:
                assert plain_words(value) <= self.words, f"{slot} '{value}' was never said"
        assert row["phone"] is None or row["phone"] in self.numbers, f"{row['phone']} was never said"
        assert row["email"] is None or row["email"].lower() in self.emails, f"{row['email']} was never said"

    def _check_change(self, move: Move, before: Row, after: Row) -> None:
        assert before["status"] == "open", "a request that the staff work on was changed"
        assert move.agrees, f"changed without a yes: {before} to {after}"
        assert self.question is not None, "changed without a question"
        if after["status"] == "withdrawn":
            assert self.question.response == WITHDRAWAL
            assert before["preferred_time"] in self.question.variables["request_shown"]
            return
        assert after["status"] == "open"
        if self.question.response == READ_BACK:
            # The reply to an earlier yes was lost, and the request was corrected since.
            assert self.some_reply_was_lost
            self._check_is_what_was_read_back(after)
            self._check_was_said(after)
            return
        assert self.question.response == CHANGE
        for slot in CHANGEABLE:
            if before[slot] != after[slot]:
                value = shown_phone(after[slot]) if slot == "phone" else after[slot]
                assert value in self.question.variables["details_shown"], f"{slot} was changed but not shown"
        self._check_was_said(after)

    def _check_messages(self, turn: PlayedTurn, before: Records, after: Records, trouble: Trouble) -> None:
        added = [row for row in after.messages.values() if row["id"] not in before.messages]
        along = [row for row in added if row["topic"] == "open_question"]
        own = [row for row in added if row["topic"] != "open_question"]
        assert len(along) <= 1 and len(own) <= 1, "one message was stored twice"
        for row in added:
            assert row["contact_name"] and (row["phone"] or row["email"]), f"nobody can answer it: {row}"
            self._check_was_said({**row, "patient_name": None, "preferred_time": None, "reason": None})
        if trouble in (Trouble.REPLY_LOST, Trouble.REDELIVERED):
            return
        says = any(
            response.startswith(("utter_staff_message_stored", "utter_staff_message_added"))
            for response in turn.responses
        )
        assert not own or says, f"a message was stored and not said to be: {turn.responses}"
        assert own or not says or self.some_reply_was_lost, "a message was said to be stored and is not"
        assert ("utter_questions_sent" in turn.responses) == bool(along)

    def _check_claims(self, turn: PlayedTurn, before: Records, after: Records, trouble: Trouble) -> None:
        """What is said to be done is done, and what is done is said, unless the reply was lost."""
        said = set(turn.responses)
        added = set(after.requests) - set(before.requests)
        changed = [
            row for row in after.requests.values() if row["id"] in before.requests and before.requests[row["id"]] != row
        ]
        if "utter_request_stored" in said:
            assert added, "said to be stored, and is not"
        if "utter_request_already_stored" in said:
            self._check_already_stored(after)
        if "utter_request_changed" in said:
            shown = next(u.variables["details_shown"] for u in turn.said if u.response == "utter_request_changed")
            assert any(_holds(row, shown) for row in after.requests.values()), f"said to be changed to {shown}"
        if "utter_request_withdrawn" in said:
            assert any(row["status"] == "withdrawn" for row in after.requests.values())
        if "utter_erased" in said:
            assert not after.requests and not after.messages, "said to be erased, and is not"
        if trouble in (Trouble.REPLY_LOST, Trouble.REDELIVERED):
            return
        assert not added or "utter_request_stored" in said, f"stored and not said to be: {turn.responses}"
        assert not changed or said & {"utter_request_changed", "utter_request_withdrawn"}, turn.responses
        assert not set(before.requests) - set(after.requests) or "utter_erased" in said

    def _check_already_stored(self, after: Records) -> None:
        assert after.requests, "said to be stored before, and nothing is"
        if self.question is not None and self.question.response == READ_BACK:
            shown = self.question.variables
            same = [row for row in after.requests.values() if shown["preferred_time"] == row["preferred_time"]]
            assert same, f"the request that is stored is not the one that was read back: {shown}"
            for row in same[-1:]:
                self._check_is_what_was_read_back(row)

    def _check_a_plain_yes(self, move: Move, turn: PlayedTurn, trouble: Trouble) -> None:
        if not move.is_plain_yes or self.question is None or trouble not in (Trouble.NONE, Trouble.REDELIVERED):
            return
        done = {
            READ_BACK: {"utter_request_stored", *AFTER_A_LOST_REPLY},
            CHANGE: {"utter_request_changed", "utter_not_changeable"},
            WITHDRAWAL: {"utter_request_withdrawn", "utter_not_changeable"},
            ERASURE: {"utter_erased"},
        }[self.question.response]
        if trouble is Trouble.NONE or self.question.response == READ_BACK:
            assert done & set(turn.responses), f"a yes to {self.question.response} led to {turn.responses}"

    def _check_details_are_kept(self, move: Move, asked: str | None, trouble: Trouble, after: Records) -> None:
        """A bare answer to what was asked is taken, whatever its label."""
        if trouble is not Trouble.NONE or asked not in ("contact_name", "contact", "preferred_time"):
            return
        answers = {"contact": ("phone", "email")}.get(asked, (asked,))
        for slot in answers:
            given = move.gives.get(slot)
            if given is None or len(move.gives) > 1:
                continue
            kept = [self.conversation.slots.get(slot), *(row[slot] for row in after.messages.values() if slot in row)]
            known = [plain_words(str(value)) for value in kept if value]
            assert any(words and words <= plain_words(given) for words in known), f"{given!r} is not kept: {kept}"

    def _check_nothing_is_left(self) -> None:
        secrets = {self.conversation.conversation_id, *self.numbers, *self.emails}
        for table, row in self.records.everything_but_consents():
            held = " ".join(str(value) for value in row.values())
            assert not any(secret in held for secret in secrets), f"{table} still holds {row}"
        own = [row["subject_id"] for table, row in self.records.everything_but_consents() if table == "outbox"]
        kept = {str(row.get("id")) for table, row in self.records.everything_but_consents() if table != "outbox"}
        assert set(own) <= kept, "a notice of an erased record is left"


def _holds(row: Row, shown: str) -> bool:
    phone = shown_phone(row["phone"]) if row["phone"] else None
    rest = shown
    for value in (row["contact_name"], row["patient_name"], row["email"], row["preferred_time"], phone):
        rest = rest.replace(value or " ", " ")
    return not plain_words(rest)
