"""The dialogues that the project was given to hold, each with what its `expect` and `final` ask, played for real.

Their texts are kept outside of the project, beside it, so that nobody trains on them; where they are absent the tests
are skipped. What must come of them is here.
"""

from typing import Any

import pytest
import yaml

from clinic.settings import PROJECT_ROOT
from tests.conversation.dialogue_file import Dialogue
from tests.conversation.dialogue_player import DialoguePlayer, Scene
from tests.conversation.test_dialogues import scene_of_today, scene_with_a_clock  # noqa: F401 - fixtures

GIVEN = PROJECT_ROOT.parent / "shared" / "eval" / "dev_dialogues.yml"

pytestmark = [
    pytest.mark.live,
    pytest.mark.model,
    pytest.mark.skipif(not GIVEN.is_file(), reason="the given dialogues are not beside the project"),
]

RECORDED = "recorded|has your request"
EXPECTED: dict[str, dict[str, Any]] = {
    "01 simple faq": {
        "turns": [
            {"says": ["automated", "milia", "appointment"]},
            {"says": ["do not squeeze|don't squeeze|never squeeze|not to squeeze", "scar|infect"], "asks": "nothing"},
            {"says": ["not painful|don't hurt|do not hurt"], "never": ["procedure|removal (?:is|does)"]},
            {"says": ["bye|take care"], "asks": "nothing"},
        ],
        "stored": {},
    },
    "04 correction in the middle of the form": {
        "turns": [
            {"asks": "name"},
            {"gives": ["name"], "asks": "contact"},
            {"gives": ["contact"], "asks": "time"},
            {"says": [r"\(312\) 555-0176"], "never": ["0167"], "asks": "time"},
            {"gives": ["time"], "says": ["grace lindqvist", "0176", "friday around noon"], "asks": "confirmation"},
            {"says": [RECORDED]},
        ],
        "stored": {
            "appointment_requests": [
                {"contact_name": "Grace Lindqvist", "phone": "+13125550176", "preferred_time": "Friday around noon"}
            ]
        },
    },
    "05 question in the middle of the form, then the form goes on": {
        "turns": [
            {"asks": "name"},
            {"gives": ["name"], "asks": "contact"},
            {"says": ["retinol", "small amount", "evening", "eyes", "can't promise|no promise"], "asks": "contact"},
            {"says": ["no prices|no price", "pass that question"], "asks": "contact"},
            {"gives": ["contact"], "asks": "time"},
            {"gives": ["time"], "says": ["tomasz zielinski", "0102", "any day but wednesday"], "asks": "confirmation"},
            {"says": [RECORDED, "question"]},
        ],
        "stored": {
            "appointment_requests": [
                {
                    "contact_name": "Tomasz Zielinski",
                    "phone": "+16305550102",
                    "preferred_time": "mornings, any day but Wednesday",
                }
            ],
            "staff_messages": [{"topic": "open_question", "contact_name": "Tomasz Zielinski"}],
        },
    },
    "07 invalid phone, then a valid one": {
        "turns": [
            {"gives": ["name"], "asks": "contact"},
            {"says": ["incomplete|ten digits", "555 0100"]},
            {"gives": ["contact"], "asks": "time"},
            {
                "gives": ["time"],
                "says": ["saturday if you're open, otherwise monday"],
                "never": ["we are open|the clinic is open"],
                "asks": "confirmation",
            },
            {"says": [RECORDED]},
        ],
        "stored": {
            "appointment_requests": [
                {
                    "contact_name": "Devon Pryce",
                    "phone": "+13125550149",
                    "preferred_time": "Saturday if you're open, otherwise Monday",
                }
            ]
        },
    },
    "11 safety message in the middle of a booking": {
        "turns": [
            {"gives": ["name"], "asks": "contact"},
            {"gives": ["contact"], "danger": True, "says": ["911", "emergency room"]},
            {"says": ["911", "worse"], "asks": "nothing"},
            {"gives": ["time"], "says": ["glad|good to hear", "carmen ibarra", "0118"], "asks": "confirmation"},
            {"says": [RECORDED]},
        ],
        "stored": {
            "appointment_requests": [
                {"contact_name": "Carmen Ibarra", "phone": "+17085550118", "preferred_time": "weekday evenings"}
            ],
            "flags": [{"label": "safety/emergency"}],
        },
    },
    "14 sms where the number is known": {
        "turns": [
            {"gives": ["contact"], "asks": "name"},
            {"gives": ["name"], "asks": "time"},
            {"gives": ["time"], "says": ["andre bellamy", "0123", "wed or thurs after 5"], "asks": "confirmation"},
            {"says": [RECORDED]},
        ],
        "stored": {
            "appointment_requests": [
                {"contact_name": "Andre Bellamy", "phone": "+13125550123", "preferred_time": "wed or thurs after 5"}
            ]
        },
    },
    "16 delete my data": {
        "turns": [
            {"gives": ["name", "contact", "time"], "says": ["lena brandt", "0170"], "asks": "confirmation"},
            {"says": [RECORDED]},
            {"says": ["appointment request", "delete it"], "never": ["brandt", "0170"]},
            {"says": ["deleted", "receipt"], "never": ["lena", "0170"], "forgets": ["name", "contact", "time"]},
            {"says": ["no phone number"], "never": ["0170"]},
        ],
        "stored": {"erasures": [{"conversation_id": "", "counts": '~"appointment_requests": 1'}]},
    },
    "22 spanish message": {
        "turns": [
            {"says": ["inglés", "llame"], "never": ["habla español"]},
            {"gives": ["name", "contact"], "says": ["gracias|listo", "español"]},
            {"says": ["de nada|que le vaya|hasta"]},
        ],
        "stored": {
            "staff_messages": [
                {"contact_name": "Marisol Vega", "phone": "+17735550128", "language": "es", "text": "~párpado"}
            ]
        },
    },
}


def _dialogue(name: str) -> Dialogue:
    given = {item["name"]: item for item in yaml.load(GIVEN.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)}
    texts = [turn["user"] for turn in given[name]["turns"]]
    expected = EXPECTED[name]
    turns = [{"user": text, **turn} for text, turn in zip(texts, expected["turns"], strict=True)]
    channel = {"channel": given[name]["channel"], "sender": given[name].get("sender")}
    return Dialogue.parse_obj({"name": name, **channel, "turns": turns, "stored": expected["stored"]})


def test_none_of_the_given_dialogues_is_left_out() -> None:
    given = yaml.load(GIVEN.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert {item["name"] for item in given} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_given_dialogue(name: str, request: pytest.FixtureRequest) -> None:
    dialogue = _dialogue(name)
    scene: Scene = request.getfixturevalue("scene_with_a_clock" if dialogue.channel == "sms" else "scene_of_today")
    player = DialoguePlayer(dialogue, scene)
    player.play()
    assert not player.problems, "\n".join(["", *player.problems, "", *player.transcript])
