"""The details as Rasa sees them: entities of a message."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.details import DetailExtractor


def _entities(message: Message) -> list[dict[str, object]]:
    [processed] = DetailExtractor().process([message])
    return processed.get(ENTITIES)


def test_each_detail_becomes_an_entity_with_its_place_and_words() -> None:
    text = "I'm Dana Wells, (312) 555-0100"
    extractor = {"extractor": "DetailExtractor"}
    assert _entities(Message.build(text)) == [
        {"entity": "person", "value": "Dana Wells", "start": 4, "end": 14, "text": "Dana Wells", **extractor},
        {"entity": "phone", "value": "3125550100", "start": 16, "end": 30, "text": "(312) 555-0100", **extractor},
    ]


def test_entities_of_other_extractors_stay() -> None:
    other = {"entity": "language", "value": "en", "start": 0, "end": 2}
    message = Message({TEXT: "hi, friday at 2", ENTITIES: [other]})
    assert [entity["entity"] for entity in _entities(message)] == ["language", "time"]


def test_the_entities_are_part_of_what_rasa_puts_out() -> None:
    [processed] = DetailExtractor().process([Message.build("friday at 2")])
    assert processed.as_dict(only_output_properties=True)[ENTITIES][0]["value"] == "friday at 2"


def test_a_message_without_text_has_no_details() -> None:
    assert _entities(Message({})) == []


def test_the_recipe_knows_the_component_as_an_extractor_that_is_not_trained() -> None:
    registered = DefaultV1Recipe._registered_components["DetailExtractor"]
    assert registered.clazz is DetailExtractor
    assert registered.types == {DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR}
    assert registered.is_trainable is False
