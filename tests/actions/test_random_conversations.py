"""Random visits, held against what must be true after every message (tests/actions/conversation_invariants.py).

The gate plays the same few hundred messages each time. `HYPOTHESIS_PROFILE=nightly` plays many thousands of new ones,
and prints what reproduces a failure.
"""

import os

import hypothesis.strategies as st
from hypothesis import HealthCheck, note, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.actions import visitor_moves as moves
from tests.actions.clinic_records import ClinicRecords
from tests.actions.conversation_invariants import Visit
from tests.actions.played_conversation import Message, PlayedConversation, Trouble
from tests.actions.visitor_moves import Move

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
PROFILES = {
    "gate": settings(
        max_examples=25, stateful_step_count=40, deadline=None, derandomize=True, suppress_health_check=SLOW_IS_FINE
    ),
    "nightly": settings(
        max_examples=400, stateful_step_count=60, deadline=None, print_blob=True, suppress_health_check=SLOW_IS_FINE
    ),
}
SENDER = "+13125550123"
TROUBLES = st.sampled_from([Trouble.NONE] * 10 + [trouble for trouble in Trouble if trouble is not Trouble.NONE])
STATUSES = ("contacted", "booked", "closed")


class Visits(RuleBasedStateMachine):
    """A visitor who may do anything, a clinic whose staff work meanwhile, and machines that fail."""

    def __init__(self) -> None:
        super().__init__()
        self.records = ClinicRecords()

    def teardown(self) -> None:
        self.visit.conversation.close()
        self.records.close()

    @initialize(channel=st.sampled_from(["web", "web", "sms"]))
    def opens_a_chat(self, channel: str) -> None:
        sender = SENDER if channel == "sms" else None
        self.visit = Visit(PlayedConversation(self.records, channel, sender))

    def say(self, move: Move, trouble: Trouble = Trouble.NONE) -> None:
        turn = self.visit.say(move, trouble)
        note(f"{move!r} [{trouble.name}] -> {turn.responses} lost {turn.lost}")

    @rule(data=st.data(), trouble=TROUBLES)
    def answers_what_is_asked(self, data: st.DataObject, trouble: Trouble) -> None:
        fitting = moves.ANSWERS.get(self.visit.conversation.asked or "", moves.WISHES)
        self.say(data.draw(st.sampled_from(fitting)), trouble)

    @rule(data=st.data())
    def goes_on_to_the_read_back(self, data: st.DataObject) -> None:
        self.say(data.draw(st.sampled_from(moves.WISHES)))
        while self.visit.conversation.asked in ("contact_name", "patient_name", "contact", "preferred_time"):
            asked = self.visit.conversation.asked
            self.say(data.draw(st.sampled_from(moves.ANSWERS[asked])))
            if asked == self.visit.conversation.asked:
                break

    @rule(move=st.sampled_from(moves.YESES), trouble=TROUBLES)
    def agrees(self, move: Move, trouble: Trouble) -> None:
        self.say(move, trouble)

    @precondition(lambda self: self.visit.question is not None)
    @rule(move=st.sampled_from(moves.YESES + moves.YESES_TO_A_DEED), trouble=TROUBLES)
    def agrees_to_what_was_asked(self, move: Move, trouble: Trouble) -> None:
        self.say(move, trouble)

    @precondition(lambda self: self.visit.question is not None)
    @rule(
        move=st.sampled_from(moves.YESES), lost=st.sampled_from([Trouble.REPLY_LOST, Trouble.REDELIVERED, Trouble.NONE])
    )
    def agrees_again_as_the_reply_was_lost(self, move: Move, lost: Trouble) -> None:
        self.say(move, lost)
        self.say(move)

    @rule(move=st.sampled_from(moves.PERSON), data=st.data())
    def leaves_a_message_of_which_all_is_delivered_again(self, move: Move, data: st.DataObject) -> None:
        self.say(move)
        while (asked := self.visit.conversation.asked) in ("contact_name", "contact"):
            self.say(data.draw(st.sampled_from(moves.ANSWERS[asked])), Trouble.REDELIVERED)
            if asked == self.visit.conversation.asked:
                break
        self.say(data.draw(st.sampled_from(moves.YESES)), Trouble.REDELIVERED)

    @rule(
        move=st.sampled_from(
            moves.NAME_ANSWERS + moves.PHONE_ANSWERS + moves.EMAIL_ANSWERS + moves.TIME_ANSWERS + moves.SEVERAL
        ),
        trouble=TROUBLES,
    )
    def gives_details(self, move: Move, trouble: Trouble) -> None:
        self.say(move, trouble)

    @rule(move=st.sampled_from(moves.BAD_DETAILS + moves.CORRECTIONS), trouble=TROUBLES)
    def gives_odd_details_or_corrects(self, move: Move, trouble: Trouble) -> None:
        self.say(move, trouble)

    @rule(move=st.sampled_from(moves.DOUBTS + moves.REFUSALS), trouble=TROUBLES)
    def doubts_or_refuses(self, move: Move, trouble: Trouble) -> None:
        self.say(move, trouble)

    @rule(move=st.sampled_from(moves.QUESTIONS + moves.CHAT), trouble=TROUBLES)
    def asks_or_chats(self, move: Move, trouble: Trouble) -> None:
        self.say(move, trouble)

    @rule(move=st.sampled_from(moves.WISHES + moves.PERSON), trouble=TROUBLES)
    def wants_something(self, move: Move, trouble: Trouble) -> None:
        self.say(move, trouble)

    @rule(move=st.sampled_from(moves.OWN_AFFAIRS), trouble=TROUBLES)
    def asks_for_their_own(self, move: Move, trouble: Trouble) -> None:
        self.say(move, trouble)

    @rule(move=st.sampled_from(moves.DANGERS), trouble=TROUBLES)
    def is_in_danger(self, move: Move, trouble: Trouble) -> None:
        self.say(move, trouble)

    @rule(move=st.sampled_from(moves.AFTER_DANGER), trouble=TROUBLES)
    def goes_on_after_danger(self, move: Move, trouble: Trouble) -> None:
        self.say(move, trouble)

    @rule(move=st.sampled_from(moves.YESES + moves.OWN_AFFAIRS + moves.WISHES + moves.YESES_TO_A_DEED))
    def taps_twice(self, move: Move) -> None:
        """The same words under two ids."""
        self.say(move)
        self.say(move)

    @precondition(lambda self: bool(self.visit.last_choices))
    @rule(data=st.data(), trouble=TROUBLES)
    def taps_a_choice(self, data: st.DataObject, trouble: Trouble) -> None:
        choice = data.draw(st.sampled_from(self.visit.last_choices))
        message = Message(choice.title, choice.label, confidence=1.0, is_typed=False)
        is_yes = choice.label == "affirm"
        self.say(Move(message, agrees=is_yes, is_plain_yes=is_yes), trouble)

    @precondition(lambda self: bool(self.records.requests()))
    @rule(data=st.data(), status=st.sampled_from(STATUSES))
    def staff_work_on_a_request(self, data: st.DataObject, status: str) -> None:
        request = data.draw(st.integers(min_value=0, max_value=len(self.records.requests()) - 1))
        rows = sorted(self.records.requests().values(), key=lambda row: row["created_at"])
        if rows[request]["status"] != "withdrawn":
            self.records.staff_set_status(rows[request]["id"], status)
            note(f"staff set {request} to {status}")


Visits.TestCase.settings = PROFILES[os.environ.get("HYPOTHESIS_PROFILE", "gate")]
TestRandomVisits = Visits.TestCase
