"""Files of facts, each a topic."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from clinic.topics import TopicFileError, any_of, condition_words, fact_titles, read_topics, topics

WriteTopic = Callable[..., None]
FILE = {
    "title": "On milia",
    "names": ["milia", "tiny milia"],
    "described_as": ["white bumps"],
    "assumed": True,
    "simplest_question": {"what are milia": "faq/what_are_milia"},
    "facts": {"M1": "They are\n  small."},
    "labels": {},
}


@pytest.fixture
def write(tmp_path: Path) -> WriteTopic:
    def write_topic(name: str, **changed: object) -> None:
        content = {key: value for key, value in {**FILE, **changed}.items() if value is not None}
        (tmp_path / f"{name}.yml").write_text(yaml.safe_dump(content), encoding="utf-8")

    return write_topic


def test_the_product_knows_milia_alone() -> None:
    (milia,) = topics()
    assert (milia.name, milia.assumed, milia.not_covered) == ("milia", True, None)
    assert set(fact_titles(topics()).values()) == {"From the clinic's page on milia"}
    assert condition_words() >= {"milia", "milium"}


def test_every_file_is_a_topic_and_the_assumed_one_comes_first(tmp_path: Path, write: WriteTopic) -> None:
    write("zits")
    write("bumps", assumed=None, facts={"B1": "b"}, title="On bumps", not_covered="uncovered/bumps")
    assert [(topic.name, topic.not_covered) for topic in read_topics(tmp_path)] == [
        ("zits", None),
        ("bumps", "uncovered/bumps"),
    ]
    assert fact_titles(read_topics(tmp_path)) == {"M1": "On milia", "B1": "On bumps"}
    assert read_topics(tmp_path)[0].facts == {"M1": "They are small."}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("What are MILIA?", True),
        ("these white\nbumps", True),
        ("milia's cause", True),
        ("a familial thing", False),
        ("miliaria", False),
        ("white bump", False),
        ("", False),
    ],
)
def test_a_topic_is_meant_by_its_whole_words(tmp_path: Path, write: WriteTopic, text: str, meant: bool) -> None:
    write("milia")
    assert read_topics(tmp_path)[0].is_meant_in(text) is meant


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"title": None}, "title"),
        ({"names": []}, "`names` is empty"),
        ({"facts": None}, "facts"),
        ({"facts": {"M1": 5}}, "split"),
        ({"simplest_question": {"a": "b", "c": "d"}}, "too many values"),
        ({"simplest_question": "a"}, "items"),
        ({"assumed": None}, "exactly one must say"),
    ],
)
def test_a_file_that_is_none_of_facts_is_named(
    tmp_path: Path, write: WriteTopic, changed: dict[str, object], problem: str
) -> None:
    write("milia", **changed)
    with pytest.raises(TopicFileError, match=problem):
        read_topics(tmp_path)


def test_an_id_in_two_files_is_an_error(tmp_path: Path, write: WriteTopic) -> None:
    write("milia")
    write("bumps", assumed=False)
    with pytest.raises(TopicFileError, match="same id: M1"):
        read_topics(tmp_path)


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "milia.yml").write_text("a: [", encoding="utf-8")
    with pytest.raises(TopicFileError, match=r"milia\.yml is no file of facts"):
        read_topics(tmp_path)


def test_longer_words_come_first_so_that_none_hides_another() -> None:
    assert any_of(["kp", "kp skin", "a.b"]) == r"kp\ skin|a\.b|kp"
