"""Playing dialogues on a running instance, turn by turn, and collecting what is not as it must be."""

import re
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from evaluation.dialogues import dialogue_file as played_form
from evaluation.dialogues.sms_visitor import SmsVisitor
from evaluation.dialogues.stored_state import StoredState
from tests.conversation import dialogue_checks as checks
from tests.conversation.dialogue_checks import Heard, Told
from tests.conversation.dialogue_file import TABLES, Dialogue, Turn
from tests.conversation.instance import Visitor

OK, UNAUTHORIZED = 200, 401
NUMBERED = re.compile(r"(?:(?<=Reply )|(?<=, ))\d for ([^,\n]+?)(?=,|\.?$)", re.MULTILINE)
# These end with the request that they belong to; who the visitor is stays known.
OF_ONE_REQUEST = frozenset({"time", "patient"})

Answers = list[tuple[str, ...]]


class NotPlayableError(RuntimeError):
    """A turn could not be sent, or got no proper answer; the rest of the dialogue makes no sense."""


@dataclass(frozen=True)
class Scene:
    """A running instance: where it is, what it stores, and how its clock is moved where it can be."""

    port: int
    url: str
    stored: StoredState
    let_pass: Callable[[int], None] | None = None


class WebSide:
    """A visitor of the website, who opens the chat anew when the session has expired."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._visitor = Visitor(url)
        self._on_offer: dict[str, str] = {}
        self._message_id = ""
        self.opened_anew = False

    @property
    def greeting(self) -> tuple[str, ...]:
        """What was said when the chat was opened."""
        return tuple(message["text"] for message in self._visitor.greeting)

    def send(self, turn: Turn) -> tuple[Answers, tuple[str, ...]]:
        """The texts of each answer, and the titles offered."""
        self.opened_anew = False
        ids = [self._next_id(turn), *([uuid.uuid4().hex] if turn.twice_at_once else [])]
        with ThreadPoolExecutor(len(ids)) as tabs:
            answers = list(tabs.map(lambda message_id: self._messages(turn, message_id), ids))
        offered = {choice["title"]: choice["id"] for message in answers[-1] for choice in message["choices"]}
        # What was offered before can still be tapped in a browser that shows it; it is kept under its title.
        self._on_offer = {**self._on_offer, **offered}
        return [tuple(message["text"] for message in answer) for answer in answers], tuple(offered)

    def _next_id(self, turn: Turn) -> str:
        self._message_id = self._message_id if turn.again else uuid.uuid4().hex
        return self._message_id

    def _messages(self, turn: Turn, message_id: str) -> list[dict[str, Any]]:
        response = self._post(turn, message_id)
        if response.status_code == UNAUTHORIZED:
            self._visitor = Visitor(self._url)
            self.opened_anew = True
            response = self._post(turn, message_id)
        if response.status_code != OK:
            raise NotPlayableError(f"status {response.status_code}: {response.text}")
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages

    def _post(self, turn: Turn, message_id: str) -> Any:
        if turn.tap is None:
            return self._visitor.send(turn.user, message_id=message_id)
        if turn.tap not in self._on_offer:
            raise NotPlayableError(f"'{turn.tap}' is not on offer")
        return self._visitor.send(choice=self._on_offer[turn.tap], message_id=message_id)


class SmsSide:
    """Somebody who texts. Choices are read off the text, where they are numbered."""

    opened_anew = False
    greeting: tuple[str, ...] = ()

    def __init__(self, scene: Scene, sender: str) -> None:
        self._visitor = SmsVisitor(scene.port, scene.url, sender)

    def send(self, turn: Turn) -> tuple[Answers, tuple[str, ...]]:
        """The texts of each answer, and the titles offered."""
        plain = played_form.Turn(turn.user, None, None, None, 0, redelivery=turn.again)
        answers: Answers = []
        for _ in range(2 if turn.twice_at_once else 1):
            delivered = self._visitor.send(plain, time_has_passed=False)
            if delivered.fault is not None:
                raise NotPlayableError(delivered.fault)
            answers.append(tuple(reply["text"] for reply in delivered.replies))
        return answers, tuple(NUMBERED.findall("\n".join(answers[-1])))


class DialoguePlayer:
    """Plays one dialogue; `problems` says what was wrong, `transcript` what was said."""

    def __init__(self, dialogue: Dialogue, scene: Scene) -> None:
        self.problems: list[str] = []
        self.transcript: list[str] = []
        self._dialogue = dialogue
        self._scene = scene
        self._known = scene.stored.keys()
        self._side = SmsSide(scene, dialogue.sender) if dialogue.sender else WebSide(scene.url)
        # On a text message the number is there from the start.
        self._told = Told(self._side.greeting, {"contact"} if dialogue.sender else set())
        self._answer_before: tuple[str, ...] = ()

    def play(self) -> None:
        """Send every turn, then look at what is stored."""
        for number, turn in enumerate(self._dialogue.turns, start=1):
            try:
                self._play_turn(number, turn)
            except NotPlayableError as refused:
                self.problems.append(f"turn {number}, '{turn.user or turn.tap}': {refused}")
                break
        stored = self._scene.stored.rows_since(self._known)
        for table in TABLES:
            expected = self._dialogue.stored.get(table, ())
            self.problems += list(checks.of_the_rows(table, expected, stored[table]))

    def _play_turn(self, number: int, turn: Turn) -> None:
        if turn.seconds:
            assert self._scene.let_pass is not None, "this instance has no clock that can be moved"
            self._scene.let_pass(turn.seconds)
        keys, event = self._scene.stored.keys(), self._scene.stored.newest_event()
        answers, choices = self._side.send(turn)
        if self._side.opened_anew:
            self._told = Told(self._side.greeting)
        gained = _gained(keys, self._scene.stored.keys())
        heard = Heard(tuple(text for answer in answers for text in answer), choices, gained)
        labels = self._scene.stored.labels_since(event)
        self._write_down(turn, heard, labels)
        self._told.given |= set(turn.gives)
        self._told.given -= set(turn.forgets)
        found = self._found_again(answers[0], gained) if turn.again else self._found(turn, heard, answers)
        found += checks.of_understanding(turn, labels)
        self.problems += [f"turn {number}, '{turn.user or turn.tap}': {problem}" for problem in found]
        if gained["appointment_requests"]:
            self._told.given -= OF_ONE_REQUEST
        self._told.before = heard.texts
        self._answer_before = answers[0]

    def _found(self, turn: Turn, heard: Heard, answers: Answers) -> list[str]:
        # Of two at once each answer is looked at for itself; what is said in both is no repetition.
        each = [Heard(answer, heard.choices, heard.gained) for answer in answers]
        found = [problem for one in each for problem in checks.of_every_reply(self._dialogue, turn, one, self._told)]
        return found + list(checks.of_the_turn(turn, heard)) + list(checks.of_what_is_stored(turn, heard))

    def _found_again(self, answer: tuple[str, ...], gained: Mapping[str, int]) -> list[str]:
        found = [f"a new row in {table}" for table, count in gained.items() if count]
        return found if answer == self._answer_before else [*found, "another answer to the same message"]

    def _write_down(self, turn: Turn, heard: Heard, labels: dict[str, Any] | None) -> None:
        label = f"  [{labels['label']} {labels['confidence']:.2f}, safety {labels['safety']}]" if labels else ""
        waited = f"  ({turn.advance} later)" if turn.advance else ""
        self.transcript.append(f"> {turn.user if turn.tap is None else f'[{turn.tap}]'}{waited}{label}")
        self.transcript += [f"< {text}" for text in heard.texts]
        if heard.choices:
            self.transcript.append(f"  choices: {', '.join(heard.choices)}")


def _gained(before: Mapping[str, set[str]], after: Mapping[str, set[str]]) -> dict[str, int]:
    return {table: len(after[table] - before[table]) for table in TABLES}
