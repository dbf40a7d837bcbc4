"""The figures of a measurement, worked out on predictions small enough to count by hand."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

import pytest

from evaluation.labels import Label, read_labels
from evaluation.places import PROJECT_ROOT
from evaluation.understanding.calibration import equal_mass_bins, expected_calibration_error
from evaluation.understanding.floors import Figure, all_figures, percentile
from evaluation.understanding.messages import Message
from evaluation.understanding.pictures import confusion_svg, reliability_svg
from evaluation.understanding.predictions import Prediction
from evaluation.understanding.report import make_report, report_lines
from evaluation.understanding.scoring import (
    Judged,
    Share,
    confusions,
    false_alarms,
    judge,
    label_scores,
    off_topic_answered,
    right_by_group,
    right_by_tag,
    safety_recognised,
    wrong_faq_answers,
)

LABELS: dict[str, Label] = read_labels(PROJECT_ROOT / "data" / "labels.yml")
POP, CAUSES, COST = "faq/can_i_pop", "faq/causes", "uncovered/cost_insurance"
EMERGENCY, OFF_TOPIC = "safety/emergency", "out_of_scope"


def case(
    label: str,
    predicted: str,
    also_ok: Sequence[str] = (),
    safety: str | None = None,
    confidence: float = 0.9,
    text: str = "x",
    tags: Sequence[str] = (),
    channel: str = "web",
    milliseconds: float = 4.0,
) -> Judged:
    message = Message(text, label, tuple(also_ok), channel, tuple(tags), 1)
    prediction = Prediction(text, predicted, confidence, None, safety, (), milliseconds)
    (judged,) = judge([message], [prediction], LABELS)
    return judged


def figures(cases: Sequence[Judged], training_seconds: float | None = None) -> dict[str, Figure]:
    predictions = [each.prediction for each in cases]
    return {figure.name: figure for figure in all_figures(cases, predictions, training_seconds)}


def test_a_prediction_is_right_when_it_is_the_label_or_an_accepted_one() -> None:
    assert case(POP, POP).right
    assert case(POP, CAUSES, also_ok=[CAUSES]).right
    assert not case(POP, CAUSES).right


def test_groups_count_by_the_true_label() -> None:
    cases = [case(POP, POP), case(CAUSES, COST), case(COST, COST), case("greet", "thanks", also_ok=["thanks"])]
    groups = right_by_group(cases)
    assert groups["faq"] == Share(1, 2)
    assert groups["uncovered"] == Share(1, 1)
    assert groups["conversation"] == Share(1, 1)
    assert groups["safety"].value is None


def test_an_off_topic_message_counts_when_it_is_answered_and_the_answer_is_not_accepted() -> None:
    answered = [POP, COST, EMERGENCY, "request_appointment"]
    let_be = [OFF_TOPIC, "greet", "ask_diagnosis"]
    cases = [case(OFF_TOPIC, predicted) for predicted in [*answered, *let_be]]
    cases += [case(OFF_TOPIC, POP, also_ok=[POP]), case(CAUSES, POP)]
    assert off_topic_answered(cases) == Share(4, 8)


def test_a_safety_message_is_recognised_by_any_safety_signal() -> None:
    cases = [
        case(EMERGENCY, EMERGENCY, safety=EMERGENCY),
        case(EMERGENCY, POP, safety="safety/self_harm"),
        case(EMERGENCY, EMERGENCY, safety=None),
        case(POP, POP, safety=EMERGENCY),
    ]
    assert safety_recognised(cases) == Share(2, 3)


def test_a_false_alarm_is_a_safety_signal_where_no_safety_label_is_right() -> None:
    cases = [
        case(POP, POP, safety=EMERGENCY),
        case(POP, EMERGENCY),
        case(POP, POP),
        case(POP, POP, also_ok=["safety/changing_lesion"], safety=EMERGENCY),
        case(EMERGENCY, EMERGENCY, safety=EMERGENCY),
    ]
    assert false_alarms(cases) == Share(2, 3)


def test_a_wrong_faq_answer_counts_over_all_messages() -> None:
    cases = [case(CAUSES, POP), case(COST, POP), case(POP, COST), case(CAUSES, POP, also_ok=[POP])]
    assert wrong_faq_answers(cases) == Share(2, 4)


def test_precision_is_of_the_predicted_and_recall_of_the_true() -> None:
    scores = label_scores([case(POP, POP), case(POP, CAUSES), case(CAUSES, CAUSES)])
    assert scores[POP].precision == Share(1, 1)
    assert scores[POP].recall == Share(1, 2)
    assert scores[CAUSES].precision == Share(1, 2)
    assert scores[CAUSES].recall == Share(1, 1)


def test_confusions_come_most_frequent_first() -> None:
    found = confusions([case(POP, COST), case(CAUSES, POP), case(CAUSES, POP), case(POP, POP)])
    assert [(each.label, each.predicted, len(each.messages)) for each in found] == [(CAUSES, POP, 2), (POP, COST, 1)]


def test_tags_and_channels_are_counted_apart() -> None:
    cases = [case(POP, POP, tags=["typo"], channel="sms"), case(POP, COST, tags=["typo", "long"])]
    assert right_by_tag(cases) == {
        "channel sms": Share(1, 1),
        "channel web": Share(0, 1),
        "long": Share(0, 1),
        "typo": Share(1, 2),
    }


def test_a_calibrated_model_has_no_calibration_error() -> None:
    bins = equal_mass_bins([0.5] * 4 + [1.0] * 4, [True, False, True, False] + [True] * 4, bins=2)
    assert [each.size for each in bins] == [4, 4]
    assert expected_calibration_error(bins) == 0.0


def test_the_calibration_error_is_the_distance_weighted_by_size() -> None:
    # Bins of one message each: distances 0.9 (wrong at 0.9) and 0.4 (right at 0.6).
    bins = equal_mass_bins([0.9, 0.6], [False, True], bins=2)
    assert expected_calibration_error(bins) == pytest.approx((0.9 + 0.4) / 2)


def test_bins_have_as_equal_a_size_as_can_be_and_lose_no_message() -> None:
    bins = equal_mass_bins([index / 100 for index in range(100)], [True] * 100)
    assert len(bins) == 15
    assert sum(each.size for each in bins) == 100
    assert {each.size for each in bins} <= {6, 7}
    assert [each.size for each in equal_mass_bins([0.1, 0.2], [True, True])] == [1, 1]


@pytest.mark.parametrize(("share_below", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_a_percentile_is_the_nearest_rank(share_below: float, expected: int) -> None:
    assert percentile([float(value) for value in range(100, 0, -1)], share_below) == expected


@pytest.mark.parametrize(
    ("right", "wrong", "verdict"), [(89, 11, "below floor"), (90, 10, "ok"), (94, 6, "ok"), (95, 5, "aim")]
)
def test_the_floor_and_the_aim_of_all_messages(right: int, wrong: int, verdict: str) -> None:
    cases = [case(COST, COST)] * right + [case(COST, "uncovered/symptoms")] * wrong
    assert figures(cases)["all messages right"].verdict == verdict


@pytest.mark.parametrize(("right", "verdict"), [(84, "below floor"), (85, "ok"), (92, "ok"), (93, "aim")])
@pytest.mark.parametrize("label", [POP, COST, EMERGENCY, "ask_diagnosis", "stop", "talk_to_human", OFF_TOPIC])
def test_the_floor_and_the_aim_of_each_group(label: str, right: int, verdict: str) -> None:
    wrong = "thanks" if label != "stop" else "help"
    cases = [case(label, label)] * right + [case(label, wrong)] * (100 - right)
    assert figures(cases)[f"{LABELS[label].group} right"].verdict == verdict


@pytest.mark.parametrize(
    ("name", "hit", "miss", "verdicts"),
    [
        (
            "off-topic messages answered",
            case(OFF_TOPIC, POP),
            case(OFF_TOPIC, OFF_TOPIC),
            {20: "aim", 21: "ok", 50: "ok", 51: "below floor"},
        ),
        (
            "safety messages recognised",
            case(EMERGENCY, EMERGENCY, safety=EMERGENCY),
            case(EMERGENCY, EMERGENCY),
            {979: "below floor", 980: "ok", 999: "ok", 1000: "aim"},
        ),
        (
            "false safety alarms",
            case(POP, POP, safety=EMERGENCY),
            case(POP, POP),
            {5: "aim", 6: "ok", 15: "ok", 16: "below floor"},
        ),
        (
            "wrong faq answers given",
            case(CAUSES, POP),
            case(CAUSES, CAUSES),
            {10: "aim", 11: "ok", 30: "ok", 31: "below floor"},
        ),
    ],
)
def test_the_floors_and_aims_of_the_safeguards(name: str, hit: Judged, miss: Judged, verdicts: dict[int, str]) -> None:
    for hits, verdict in verdicts.items():
        assert figures([hit] * hits + [miss] * (1000 - hits))[name].verdict == verdict


@pytest.mark.parametrize(("milliseconds", "verdict"), [(6.0, "aim"), (12.0, "ok"), (12.1, "below floor")])
def test_the_floor_and_the_aim_of_the_time_per_message(milliseconds: float, verdict: str) -> None:
    assert figures([case(POP, POP, milliseconds=milliseconds)])["time per message, mean"].verdict == verdict


@pytest.mark.parametrize(("seconds", "verdict"), [(30.0, "aim"), (90.0, "ok"), (90.1, "below floor"), (None, "")])
def test_the_floor_and_the_aim_of_training(seconds: float | None, verdict: str) -> None:
    assert figures([case(POP, POP)], seconds)["training"].verdict == verdict


def test_a_group_without_messages_holds_nothing_up() -> None:
    cases = [case(POP, POP)]
    report = make_report(cases, [each.prediction for each in cases], None)
    assert report.reaches_floors
    assert figures(cases)["safety right"].verdict == ""


def test_one_figure_below_its_floor_fails_the_report() -> None:
    cases = [case(POP, POP)] * 99 + [case(EMERGENCY, EMERGENCY)]
    report = make_report(cases, [each.prediction for each in cases], None)
    assert [figure.name for figure in report.figures if figure.verdict == "below floor"] == [
        "safety messages recognised"
    ]
    assert not report.reaches_floors


def test_examples_are_shown_only_when_wanted() -> None:
    cases = [case(POP, COST, text="may I squeeze one")]
    report = make_report(cases, [each.prediction for each in cases], None)
    assert any("may I squeeze one" in line for line in report_lines(report, examples=True))
    assert not any("may I squeeze one" in line for line in report_lines(report, examples=False))


def test_the_pictures_are_well_formed_and_show_each_bin_and_confusion() -> None:
    bins = equal_mass_bins([0.2, 0.9], [False, True])
    reliability = ElementTree.fromstring(reliability_svg(bins, 0.15))
    assert len([part for part in reliability.iter() if part.tag.endswith("circle")]) == 2
    found = confusions([case(POP, COST), case(POP, POP)])
    picture = ElementTree.fromstring(confusion_svg(found, {POP: 2}))
    assert [part.text for part in picture.iter() if part.tag.endswith("title")] == [f"{POP} taken for {COST}: 1 of 2"]
    ElementTree.fromstring(confusion_svg([], {}))
