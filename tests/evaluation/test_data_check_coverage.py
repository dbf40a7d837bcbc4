"""Labels, rules, answers, facts and the use of responses: each check passes a good tree and fails a broken one."""

from collections.abc import Callable

import pytest

from evaluation.located_yaml import ContentError
from tests.evaluation.conftest import SmallProject

LineOf = Callable[[str, str], int]
ANSWERS = "data/responses/answers.yml"


def test_nothing_is_found_in_a_good_project(project: SmallProject) -> None:
    assert project.findings() == {}


def test_a_label_with_too_few_lines_is_found_at_its_entry(project: SmallProject, line_of: LineOf) -> None:
    place = line_of("data/nlu/faq.yml", "may I squeeze heron volcano")
    lines = (project.root / "data/nlu/faq.yml").read_text(encoding="utf-8").split("\n")
    project.write("data/nlu/faq.yml", "\n".join(lines[: place - 1] + lines[place:]))
    assert project.findings() == {
        "training lines for every label": [
            "data/nlu/faq.yml:3: 'faq/can_i_pop' has 39 training lines; write at least 40."
        ]
    }


def test_a_label_without_lines_is_found_in_the_list_of_labels(project: SmallProject) -> None:
    (project.root / "data/nlu/faq.yml").unlink()
    (found,) = project.findings()["training lines for every label"]
    assert found.startswith("data/labels.yml:2: 'faq/can_i_pop' has 0 training lines")


def test_training_lines_of_an_unknown_label_are_found(project: SmallProject, line_of: LineOf) -> None:
    project.append("data/nlu/faq.yml", "- intent: faq/invented\n  examples: |\n    - what about the moon\n")
    (found,) = project.findings()["training lines for every label"]
    assert found.startswith(f"data/nlu/faq.yml:{line_of('data/nlu/faq.yml', 'invented')}: 'faq/invented' is no label")


def test_a_label_that_no_rule_handles_is_found(project: SmallProject) -> None:
    project.replace("data/rules/rules.yml", "    - intent: greet\n", "")
    assert project.findings() == {
        "a rule for every label": [
            "data/labels.yml:4: no rule handles the intent 'greet' of 'greet'; add one in data/rules."
        ]
    }


def test_a_rule_that_does_nothing_after_its_intent_handles_nothing(project: SmallProject) -> None:
    project.replace("data/rules/rules.yml", "  - action: action_answer\n", "")
    assert len(project.findings()["a rule for every label"]) == 2


def test_a_rule_for_one_retrieval_label_handles_that_label(project: SmallProject) -> None:
    project.replace("data/rules/rules.yml", "- intent: faq\n", "- intent: faq/can_i_pop\n")
    assert project.findings() == {}


def test_an_intent_that_the_domain_leaves_out_is_found(project: SmallProject) -> None:
    project.replace("domain.yml", "- greet\n", "")
    (found,) = project.findings()["a rule for every label"]
    assert found.startswith("domain.yml:1: the intent 'greet'")


def test_a_missing_sms_answer_is_found(project: SmallProject) -> None:
    sms = "  - text: Hello. What would you like?\n    channel: sms\n"
    project.replace(ANSWERS, sms, "")
    assert project.findings() == {
        "an answer for web and sms": [
            "data/labels.yml:4: 'greet' has no sms answer; write one for utter_greet in data/responses."
        ]
    }


def test_a_missing_web_answer_is_found_under_the_mapped_response(project: SmallProject) -> None:
    project.replace(ANSWERS, "  - text: I'll take a request for you. You can also {call_clinic}.\n", "")
    (found,) = project.findings()["an answer for web and sms"]
    assert "'request_appointment' has no web answer; write one for utter_appointment_started" in found


def test_an_answer_that_leaves_out_a_demanded_fact_is_found(project: SmallProject, line_of: LineOf) -> None:
    project.replace(ANSWERS, "    metadata: {facts: [M9]}\n", "")
    (found,) = project.findings()["answers name their facts"]
    place = line_of(ANSWERS, "It can scar the skin")
    assert found.startswith(f"{ANSWERS}:{place}: utter_faq/can_i_pop (web) does not name M9;")


def test_a_label_answered_from_facts_that_demands_none_is_found(project: SmallProject) -> None:
    project.replace("data/facts/milia.yml", "  faq/can_i_pop: [M9]\n", "  greet: [M9]\n")
    found = project.findings()["answers name their facts"]
    assert any("'faq/can_i_pop' is answered from facts" in each for each in found)
    assert any("utter_greet (web) does not name M9" in each for each in found)


def test_a_demand_of_an_unknown_label_is_found(project: SmallProject) -> None:
    project.append("data/facts/milia.yml", "  faq/invented: [M9]\n")
    (found,) = project.findings()["answers name their facts"]
    assert found.startswith("data/facts/milia.yml:9: 'faq/invented' is no label")
    assert found.endswith("add it there or remove it.")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (ANSWERS, "{facts: [M9]}", "{facts: [M9, M77]}"),
        ("data/facts/milia.yml", "can_i_pop: [M9]", "can_i_pop: [M9, M77]"),
        ("actions/answer.py", "def ", 'RESTS_ON = ("M9", "M77")\n\n\ndef '),
    ],
)
def test_an_unknown_fact_is_found_wherever_it_is_named(project: SmallProject, name: str, old: str, new: str) -> None:
    project.replace(name, old, new)
    (found,) = project.findings()["named facts exist"]
    assert found.startswith(f"{name}:")
    assert "there is no fact 'M77'" in found


def test_a_response_that_nothing_says_is_found(project: SmallProject, line_of: LineOf) -> None:
    project.append(ANSWERS, "  utter_forgotten:\n  - text: Hello.\n")
    place = line_of(ANSWERS, "utter_forgotten") + 1
    assert project.findings() == {
        "every response is used": [f"{ANSWERS}:{place}: no rule or code says utter_forgotten; use it or remove it."]
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("actions/other.py", 'WELCOME = "utter_forgotten"\n'),
        ("channels/deep/other.py", 'def welcome(part: str) -> str:\n    return f"utter_for{part}"\n'),
        ("data/rules/other.yml", "rules:\n- rule: x\n  steps:\n  - intent: greet\n  - action: utter_forgotten\n"),
    ],
)
def test_a_response_that_a_rule_or_code_names_is_used(project: SmallProject, name: str, text: str) -> None:
    project.append(ANSWERS, "  utter_forgotten:\n  - text: Hello.\n")
    project.write(name, text)
    assert project.findings() == {}


def test_a_response_that_a_form_asks_with_is_used(project: SmallProject) -> None:
    project.append(ANSWERS, "  utter_ask_contact_name:\n  - text: What is your name?\n")
    assert "every response is used" in project.findings()
    project.append("domain.yml", "forms:\n  request_form:\n    required_slots:\n    - contact_name\n")
    assert project.findings() == {}


def test_the_answers_of_labels_are_unused_without_the_code_that_says_them(project: SmallProject) -> None:
    project.write("actions/answer.py", "")
    found = project.findings()["every response is used"]
    assert [each.split(" says ")[1].split(";")[0] for each in found] == ["utter_faq/can_i_pop", "utter_greet"]


def test_the_name_of_a_retrieval_action_says_the_answers_of_its_labels(project: SmallProject) -> None:
    project.write("actions/answer.py", 'ANSWERS = ("utter_greet",)\n')
    project.replace("data/rules/rules.yml", "action_answer", "utter_faq")
    assert project.findings() == {}


def test_a_response_that_does_not_exist_is_found_where_it_is_named(project: SmallProject) -> None:
    project.replace("data/rules/rules.yml", "action_answer", "utter_helo")
    project.write("actions/other.py", '\nWELCOME = "utter_welcom"\n')
    assert project.findings() == {
        "every named response exists": [
            "actions/other.py:2: there is no response utter_welcom; write it in data/responses or correct the name.",
            "data/rules/rules.yml:7: there is no response utter_helo; write it in data/responses or correct the name.",
        ]
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("data/labels.yml", "group: faq", "group: fqa", "data/labels.yml:2: `group` must be one of"),
        (
            "data/labels.yml",
            "  greet:",
            "  faq/can_i_pop:",
            "data/labels.yml:4: the key 'faq/can_i_pop' is given twice",
        ),
        ("data/nlu/faq.yml", "examples: |", "examples: >", "data/nlu/faq.yml:4: a literal block"),
        ("data/nlu/faq.yml", "    - may I", "    may I", "data/nlu/faq.yml:5: a training line must begin with `- `"),
        (ANSWERS, "channel: sms", "channel: fax", f"{ANSWERS}:5: the channel 'fax' does not exist"),
        (ANSWERS, "- text: Hello", "- txt: Hello", "a variation of utter_greet without `text:`"),
        ("data/rules/rules.yml", "rules:", "rules: [", "not well-formed YAML"),
        ("actions/answer.py", "def", "dfe", "actions/answer.py:1: not valid Python"),
    ],
)
def test_a_malformed_file_is_named_with_its_line(
    project: SmallProject, name: str, old: str, new: str, problem: str
) -> None:
    project.replace(name, old, new)
    with pytest.raises(ContentError) as raised:
        project.findings()
    assert problem in str(raised.value)
