"""A real conversation, saved as a test by what the console reads of it, is played again and nothing is wrong."""

from pathlib import Path

import pytest
from sqlalchemy import select

from clinic.database import make_engine, transaction
from console.conversation_view import read_whole
from console.saved_test import Stored, text_of_test
from conversations.projection import Projection
from conversations.turn_log import LoggedConversation
from evaluation.dialogues.stored_state import StoredState
from tests.conversation.dialogue_file import Dialogue, read_dialogues
from tests.conversation.dialogue_player import DialoguePlayer, Scene
from tests.conversation.instance import RunningInstance
from tests.encryption_keys import KEYS

pytestmark = [pytest.mark.live, pytest.mark.model]

SPOKEN = Dialogue.parse_obj(
    {
        "name": "to be saved",
        "turns": [
            {"user": "what causes milia?"},
            {"user": "how much does it cost to have them removed"},
            {"user": "I would like an appointment, my name is Gretchen Abernathy"},
            {"user": "312 555 0188"},
            {"user": "thursday afternoon"},
            {"tap": "Send it"},
        ],
        "stored": {"appointment_requests": [{"contact_name": "Gretchen Abernathy"}], "staff_messages": [{}]},
    }
)


def test_a_saved_conversation_can_be_played_and_names_nobody(instance: RunningInstance, tmp_path: Path) -> None:
    scene = Scene(instance.port, instance.url, StoredState(f"sqlite:///{instance.database}", KEYS))
    spoken = DialoguePlayer(SPOKEN, scene)
    spoken.play()
    assert not spoken.problems, "\n".join([*spoken.problems, *spoken.transcript])

    text = saved(instance)
    assert "Gretchen" not in text
    assert "0188" not in text
    (tmp_path / "saved.yml").write_text(text, encoding="utf-8")
    (dialogue,) = read_dialogues(tmp_path)
    assert [turn.understood for turn in dialogue.turns[:3]] == [
        "faq/causes",
        "uncovered/cost_insurance",
        "request_appointment",
    ]
    assert dialogue.turns[5].tap == "Send it"

    again = DialoguePlayer(dialogue, scene)
    again.play()
    assert not again.problems, "\n".join([text, *again.problems, "", *again.transcript])


def saved(instance: RunningInstance) -> str:
    """The newest conversation of the instance as the file that the console gives out."""
    engine = make_engine(f"sqlite:///{instance.database}")
    Projection(engine).bring_up_to_date()
    newest = select(LoggedConversation.conversation_id).order_by(LoggedConversation.last_activity_at.desc()).limit(1)
    with transaction(engine) as session:
        conversation_id = session.execute(newest).scalar_one()
    whole = read_whole(engine, conversation_id)
    engine.dispose()
    assert whole is not None
    stored = Stored(whole.requests, whole.messages, whole.consents, tuple(flag.label for flag in whole.flags))
    return text_of_test(conversation_id, whole.row.channel, whole.turns, stored)
