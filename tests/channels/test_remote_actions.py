"""What the action server is sent: what its actions read, however long the conversation is."""

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Tracker

from actions.turn import turn_of
from channels.remote_actions import CheckedAction


def test_an_action_is_sent_the_message_the_slots_and_nothing_that_was_said_before() -> None:
    events = [
        UserUttered("an earlier message", input_channel="sms", message_id="m1"),
        BotUttered("an earlier reply"),
        ActionExecuted("action_listen"),
        UserUttered("the message", parse_data={"understanding": {"label": "greet"}}, input_channel="sms"),
    ]
    tracker = DialogueStateTracker.from_events("c1", events, Domain.empty().slots)
    call = CheckedAction("action_answer", None)._action_call_format(tracker, Domain.empty())
    assert "earlier" not in str(call)
    assert call["next_action"] == "action_answer"
    turn = turn_of(Tracker.from_dict(call["tracker"]))
    assert (turn.text, turn.label, turn.channel) == ("the message", "greet", "sms")
