"""What was taught from a conversation that is erased leaves the training file at once, and the model with the next."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from clinic.retention_settings import RetentionSettings
from conversations.candidates import READY, find_candidate, request_candidate
from conversations.correction_states import ERASED
from conversations.corrections import propose
from conversations.erasure import erase_conversation
from conversations.erasure_lookup import what_is_stored
from conversations.lines_without_erased import without_lines
from conversations.promoted_files import bring_files_up_to_date
from conversations.promotion_history import newest_promotion
from conversations.promotions import OLDER_LINES_GONE, PromotionRefusedError, promote, roll_back
from conversations.retention.purge import Keeper, purge
from conversations.retention.runs import COMMAND
from conversations.taught_lines import TaughtLine
from conversations.taught_yaml import write_lines
from conversations.teaching import Candidate, Correction
from conversations.teaching_job import work
from conversations.workshop import Workshop
from tests.conversations.small_workshop import small_workshop
from tests.conversations.taught_turns import ANYA, released, said

CANARY = "do canaries get these bumps"


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    return sqlite_engine


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return small_workshop(tmp_path)


def taught_from(engine: Engine, text: str, conversation_id: str) -> str:
    correction = released(engine, text)
    with transaction(engine) as session:
        own = update(Correction).where(Correction.id == correction.id)
        session.execute(own.values(conversation_id=conversation_id))
    return str(correction.id)


def promoted(engine: Engine, workshop: Workshop) -> Candidate:
    candidate_id = request_candidate(engine, ANYA)
    work(engine, candidate_id, workshop)
    promote(engine, candidate_id, ANYA, workshop)
    return find_candidate(engine, candidate_id)


def left_on_disk(workshop: Workshop) -> str:
    folder = Path(str(workshop.files._folder))
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.yml"))


def corrections(engine: Engine) -> list[Correction]:
    with transaction(engine) as session:
        return list(session.execute(select(Correction)).scalars())


def test_a_line_that_was_taught_long_ago_is_still_found_by_an_erasure(
    engine: Engine, workshop: Workshop, tmp_path: Path
) -> None:
    taught_from(engine, CANARY, "erased")
    promoted(engine, workshop)
    long_ago = clock.now() - timedelta(days=4_000)
    with transaction(engine) as session:
        session.execute(update(Correction).values(proposed_at=long_ago, decided_at=long_ago))
    purge(Keeper(engine, tmp_path / "var", RetentionSettings()), COMMAND)
    (kept,) = corrections(engine)
    assert (kept.conversation_id, kept.event_id) == ("erased", 0)
    assert what_is_stored(engine, "erased") == {"corrections": 1}
    erase_conversation(engine, "erased")
    bring_files_up_to_date(engine, workshop)
    assert CANARY not in left_on_disk(workshop)


def test_the_line_leaves_the_file_in_force_and_the_next_model_is_made_without_it(
    engine: Engine, workshop: Workshop
) -> None:
    erased = taught_from(engine, CANARY, "erased")
    taught_from(engine, "why me of all people", "other")
    model_with_it = promoted(engine, workshop).model
    assert CANARY in left_on_disk(workshop)
    erase_conversation(engine, "erased")
    assert what_is_stored(engine, "erased") == {}
    mark = next(each for each in corrections(engine) if each.id == erased)
    assert (mark.state, mark.text, mark.text_digest) == (ERASED, "", f"erased-{erased}")
    for _ in range(2):
        bring_files_up_to_date(engine, workshop)
        assert CANARY not in left_on_disk(workshop)
        assert "why me of all people" in left_on_disk(workshop)
    newest = newest_promotion(engine)
    assert newest is not None
    assert newest.model == model_with_it  # it answers until the next promotion
    after = promoted(engine, workshop)
    assert after.model != model_with_it
    assert after.state == "promoted"
    assert [each.text for each in corrections(engine)] == ["why me of all people"]
    assert CANARY.encode() not in workshop.archive(str(after.model)).read_bytes()


def test_a_model_without_any_line_takes_the_place_of_one_whose_lines_are_all_erased(
    engine: Engine, workshop: Workshop
) -> None:
    taught_from(engine, CANARY, "erased")
    promoted(engine, workshop)
    erase_conversation(engine, "erased")
    bring_files_up_to_date(engine, workshop)
    assert left_on_disk(workshop) == ""
    promoted(engine, workshop)
    assert corrections(engine) == []


def test_the_model_before_cannot_be_rolled_back_to_if_it_was_made_with_an_erased_line(
    engine: Engine, workshop: Workshop
) -> None:
    taught_from(engine, CANARY, "erased")
    promoted(engine, workshop)
    taught_from(engine, "why me of all people", "other")
    promoted(engine, workshop)
    erase_conversation(engine, "erased")
    bring_files_up_to_date(engine, workshop)
    newest = newest_promotion(engine)
    assert newest is not None
    with pytest.raises(PromotionRefusedError, match=OLDER_LINES_GONE[:30]):
        roll_back(engine, int(newest.id), ANYA, workshop)


def test_a_candidate_that_waits_with_an_erased_line_is_set_aside(engine: Engine, workshop: Workshop) -> None:
    taught_from(engine, CANARY, "erased")
    promoted(engine, workshop)
    taught_from(engine, "why me of all people", "other")
    candidate_id = request_candidate(engine, ANYA)
    work(engine, candidate_id, workshop)
    assert find_candidate(engine, candidate_id).state == READY
    erase_conversation(engine, "erased")
    bring_files_up_to_date(engine, workshop)
    assert find_candidate(engine, candidate_id).state == "set_aside"
    assert CANARY not in left_on_disk(workshop)


def test_somebody_else_who_says_the_same_later_is_a_correction_of_their_own(engine: Engine, workshop: Workshop) -> None:
    taught_from(engine, CANARY, "erased")
    promoted(engine, workshop)
    erase_conversation(engine, "erased")
    proposal = propose(engine, said(engine, CANARY, conversation_id="another"), "faq/causes", ANYA)
    assert {each.state for each in corrections(engine)} == {ERASED, "proposed"}
    assert proposal.state == "proposed"


def test_a_file_as_rasa_writes_it_loses_just_these_lines() -> None:
    lines = [
        TaughtLine("1", "why me: of all people?", "faq/causes"),
        TaughtLine("2", CANARY, "faq/causes"),
        TaughtLine("3", "- a dash in front", "greet"),
        TaughtLine("4", CANARY, "out_of_scope"),
    ]
    texts = {line.correction_id: line.text for line in lines}
    labels = {line.correction_id: line.label for line in lines}
    whole = write_lines(lines)
    for gone in labels:
        left = {line_id: label for line_id, label in labels.items() if line_id != gone}
        expected = write_lines([line for line in lines if line.correction_id != gone])
        assert without_lines(whole, left, texts) == expected
    assert without_lines(whole, labels, texts) == whole
    assert without_lines(whole, {}, texts) == ""
