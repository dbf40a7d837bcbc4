"""The list of answers: under which heading, with which words, what was changed and what waits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.engine import Engine

from clinic.answers.in_force import ContentInForce, merged, read_in_force, why_unfit
from clinic.answers.proposals import waiting_proposals
from clinic.answers.versions import CLINIC_DETAILS, versions_in_force
from clinic.answers.wordings import WEB, digest_of_shipped, wordings_of
from console.answer_texts import HEADINGS, Answer, all_answers, shipped_responses

CHANGED = "changed"
WAITING = "waiting"
TO_LOOK_AT = "look"
FIRST = next(iter(HEADINGS))
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class AnswerRow:
    """One answer in the list. `text` is its first wording; `look_at` says why somebody should look at it."""

    answer: Answer
    text: str
    all_texts: str
    is_changed: bool
    waits: bool
    look_at: str

    @property
    def address(self) -> str:
        """Where its page is."""
        return f"/answers/{self.answer.key}"


@dataclass(frozen=True)
class Tab:
    """One list of answers."""

    key: str
    title: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class AnswerList:
    """What the page shows; `words` are what was searched for, in all answers."""

    rows: tuple[AnswerRow, ...]
    tabs: tuple[Tab, ...]
    title: str
    words: str


@dataclass(frozen=True)
class ContentNews:
    """How much of the answers and the clinic's details waits for a second person, or for a look after an update."""

    waiting: int
    details_wait: bool
    to_look_at: int


def read_list(engine: Engine, topic: str, typed: str) -> AnswerList:
    """The answers of a heading; those of all headings where words are searched for."""
    rows = all_rows(engine)
    words = " ".join(typed.split())[:LONGEST_SEARCH]
    lists = _lists()
    chosen = topic if topic in lists else FIRST
    shown = [row for row in rows if _has(row, words)] if words else [row for row in rows if lists[chosen][1](row)]
    tabs = [
        Tab(key, title, sum(map(belongs, rows)), not words and key == chosen)
        for key, (title, belongs) in lists.items()
        if key in HEADINGS or any(map(belongs, rows))
    ]
    title = f"Answers with “{words}”" if words else lists[chosen][0]
    return AnswerList(tuple(shown), tuple(tabs), title, words)


def all_rows(engine: Engine) -> list[AnswerRow]:
    """All answers, in the order of the files."""
    content, shipped = read_in_force(engine), shipped_responses()
    said = merged(shipped, content)
    digests = {str(each.subject): str(each.shipped_digest) for each in versions_in_force(engine)}
    waiting = {str(each.subject) for each in waiting_proposals(engine)}
    rows = []
    for answer in all_answers().values():
        texts = [wording.text for wording in wordings_of(said[answer.response])]
        rows.append(
            AnswerRow(
                answer=answer,
                text=next((each.text for each in wordings_of(said[answer.response]) if each.channel == WEB), texts[0]),
                all_texts=" ".join(texts).casefold(),
                is_changed=answer.response in content.wordings,
                waits=answer.response in waiting,
                look_at=_look_at(answer, content, digests),
            )
        )
    return rows


def content_news(engine: Engine) -> ContentNews:
    """What somebody should know of on the first page."""
    content = read_in_force(engine)
    digests = {str(each.subject): str(each.shipped_digest) for each in versions_in_force(engine)}
    known = {answer.response: answer for answer in all_answers().values()}
    changed = [known[response] for response in content.wordings if response in known]
    waiting = [str(proposal.subject) for proposal in waiting_proposals(engine)]
    return ContentNews(
        waiting=len(waiting),
        details_wait=CLINIC_DETAILS in waiting,
        to_look_at=sum(bool(_look_at(answer, content, digests)) for answer in changed),
    )


def _look_at(answer: Answer, content: ContentInForce, digests: dict[str, str]) -> str:
    wordings = content.wordings.get(answer.response)
    if wordings is None:
        return ""
    unfit = why_unfit(answer.response, wordings, shipped_responses())
    if unfit:
        return f"Your wording is not said: {unfit}"
    shipped = digest_of_shipped(wordings_of(shipped_responses()[answer.response]))
    return "" if digests[answer.response] == shipped else "The wording that came with the assistant was changed"


def _lists() -> dict[str, tuple[str, Callable[[AnswerRow], bool]]]:
    by_kind: dict[str, tuple[str, Callable[[AnswerRow], bool]]] = {
        kind: (title, _of_kind(kind)) for kind, title in HEADINGS.items()
    }
    return {
        **by_kind,
        CHANGED: ("Changed by the clinic", lambda row: row.is_changed),
        WAITING: ("Waiting", lambda row: row.waits),
        TO_LOOK_AT: ("To look at", lambda row: bool(row.look_at)),
    }


def _of_kind(kind: str) -> Callable[[AnswerRow], bool]:
    return lambda row: row.answer.kind == kind


def _has(row: AnswerRow, words: str) -> bool:
    wanted: Iterable[str] = words.casefold().split()
    return all(word in f"{row.answer.title.casefold()} {row.all_texts}" for word in wanted)
