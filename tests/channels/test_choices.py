"""Buttons become opaque ids; a chosen one becomes the message it stands for."""

from channels.choices import choices_of, parse_data_of


def test_an_id_tells_nothing_and_is_new_each_time() -> None:
    first, second = choices_of([{"title": "Send it", "payload": "affirm"}] * 2)
    assert first.id != second.id
    assert len(first.id) >= 22
    assert "affirm" not in first.id
    assert (first.label, first.title) == ("affirm", "Send it")


def test_a_choice_is_understood_as_its_label() -> None:
    (choice,) = choices_of([{"title": "May I pop them?", "payload": "faq/can_i_pop"}])
    parse_data = parse_data_of(choice)
    assert parse_data["text"] == "May I pop them?"
    assert parse_data["intent"] == {"name": "faq", "confidence": 1.0}
    assert parse_data["entities"] == []
    assert parse_data["understanding"] == {
        "label": "faq/can_i_pop",
        "confidence": 1.0,
        "second_label": None,
        "candidates": [],
        "safety": None,
        "language": "en",
        "chosen": True,
    }


def test_a_choice_that_is_urgent_is_treated_as_urgent() -> None:
    (choice,) = choices_of([{"title": "It bleeds", "payload": "safety/changing_lesion"}])
    assert parse_data_of(choice)["understanding"]["safety"] == "safety/changing_lesion"
