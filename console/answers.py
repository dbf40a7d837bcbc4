"""The pages of the answers: what the assistant says, changing it, and taking a change live."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from clinic.answers.answer_checks import MOST_WAYS, resting_on_facts
from clinic.answers.in_force import ContentInForce, merged, read_in_force, why_unfit
from clinic.answers.plain_text import tidied
from clinic.answers.problems import Problem, place_of, stopping
from clinic.answers.standard import Standard, channels_of
from clinic.answers.versions import newest_version
from clinic.answers.wordings import (
    SMS,
    Wording,
    Wordings,
    digest_of_shipped,
    from_stored_form,
    stored_form,
    wordings_of,
)
from clinic.clinic_details import with_details
from clinic.settings import Settings
from clinic.sms_text import plain_marks
from console.answer_list import read_list
from console.answer_texts import Answer, all_answers, shipped_responses
from console.answer_view import (
    placeholders_of,
    problems_of,
    shown_channels,
    standard_of,
    texts_by_channel,
    words_that_stay,
)
from console.bot_health import ask_bot
from console.content import facts
from console.content_state import UNREADABLE, ContentState, read_stored, state_of, unreadable
from console.content_steps import (
    go_back,
    keep_own,
    keep_proposal,
    lacks_colleague,
    reason_problems,
    reject_proposal,
    release_proposal,
)
from console.roles import EVERYBODY, REVIEWERS
from console.routing import ConsoleRoute, TypedForm
from console.visit import NotFoundError, Visit

TYPED = (*(place_of(channel, number) for channel in ("web", SMS) for number in range(1, MOST_WAYS + 1)), "reason")
LONGEST_FIELD = 2_000
NOT_NEW = "Nothing is different from what the assistant says now."
INTERRUPTED = "This is not saved yet. Please look at it again."


@dataclass(frozen=True)
class Desk:
    """One answer with all that its page is made of; `settings` have the clinic's details in force."""

    answer: Answer
    standard: Standard
    state: ContentState
    settings: Settings

    @property
    def address(self) -> str:
        """Where its page is."""
        return f"/answers/{self.answer.key}"

    @property
    def in_force(self) -> Wordings:
        """What the assistant says now."""
        content = ContentInForce(wordings={self.answer.response: self.own}) if self.own else ContentInForce()
        return wordings_of(merged(shipped_responses(), content)[self.answer.response])

    @property
    def own(self) -> Wordings:
        """What the staff put in force; empty for what is shipped."""
        return _content(self.state.content)

    @property
    def unfit(self) -> str:
        """Why what the staff put in force is not said; empty when it is."""
        if self.state.is_changed and not self.own:
            return UNREADABLE.lower()
        return why_unfit(self.answer.response, self.own, shipped_responses()) if self.own else ""

    def check(self, content: str | None) -> Sequence[Problem]:
        """What is wrong with a stored content; nothing with what is shipped."""
        if content is None:
            return []
        wordings = _content(content)
        return problems_of(wordings, self.standard, self.settings) if wordings else unreadable()


@dataclass(frozen=True)
class Typed:
    """What the form holds."""

    wordings: Wordings
    reason: str


def show_answers(visit: Visit) -> Response:
    """All answers, or those of one heading, or those that hold some words."""
    listed = read_list(visit.engine, visit.query.get("topic", ""), visit.query.get("q", ""))
    return visit.page("answers.html", listed=listed, needs_two_people=visit.settings.console.needs_two_people)


def show_answer(visit: Visit) -> Response:
    """One answer, as it is in force."""
    return _page(visit, _desk(visit))


def check_typed(visit: Visit) -> Response:
    """The page with what was typed and what is wrong with it; nothing is kept."""
    desk = _desk(visit)
    typed = _typed(visit, desk)
    return _page(visit, desk, typed, problems_of(typed.wordings, desk.standard, desk.settings))


def propose_typed(visit: Visit) -> Response:
    """Keep what was typed until a second person takes it live; where that cannot be, the page says why."""
    desk = _desk(visit)
    typed = _typed(visit, desk)
    problems = problems_of(typed.wordings, desk.standard, desk.settings)
    problems.extend(reason_problems(typed.reason))
    if _texts(typed.wordings) == _texts(desk.in_force):
        problems.append(Problem("", NOT_NEW))
    if stopping(problems):
        return _page(visit, desk, typed, problems, status=400)
    wordings = resting_on_facts(typed.wordings, desk.standard)
    proposal = keep_proposal(visit, desk.state, stored_form(wordings), typed.reason)
    visit.about("answer", desk.answer.key, proposal=proposal.id)
    return visit.redirect(desk.address, notice="content_proposed")


def show_again(visit: Visit) -> Response:
    """The page with what was typed before the session ended."""
    desk = _desk(visit)
    typed = _typed(visit, desk)
    problems = [*problems_of(typed.wordings, desk.standard, desk.settings), Problem("", INTERRUPTED)]
    return _page(visit, desk, typed, problems, status=409)


def release_answer(visit: Visit) -> Response:
    """Take the wording that waits live."""
    desk = _desk(visit)
    return release_proposal(visit, desk.state, desk.check, desk.address)


def reject_answer(visit: Visit) -> Response:
    """Reject the wording that waits."""
    desk = _desk(visit)
    return reject_proposal(visit, desk.state, desk.address)


def answer_back(visit: Visit) -> Response:
    """Go back to an earlier wording."""
    desk = _desk(visit)
    return go_back(visit, desk.state, desk.check, desk.address)


def keep_answer(visit: Visit) -> Response:
    """Keep the clinic's wording although the shipped one was changed."""
    desk = _desk(visit)
    return keep_own(visit, desk.state, desk.check, desk.address)


def show_bot(visit: Visit) -> Response:
    """Whether the bot of this instance says what is in force, answers and details alike."""
    return visit.page("bot_content.html", wanted=newest_version(visit.engine), health=ask_bot(visit.settings))


def _desk(visit: Visit) -> Desk:
    visit.about("answer", visit.path["key"])
    answer = all_answers().get(visit.path["key"])
    if answer is None:
        raise NotFoundError
    settings = with_details(visit.settings, read_in_force(visit.engine).details)
    standard = standard_of(answer, visit.settings)
    state = state_of(visit.engine, answer.response, digest_of_shipped(standard.shipped))
    return Desk(answer, standard, state, settings)


def _typed(visit: Visit, desk: Desk) -> Typed:
    wordings = [
        Wording(channel, text)
        for channel in channels_of(desk.standard.shipped)
        for number in range(1, MOST_WAYS + 1)
        if (text := _text(visit, place_of(channel, number), is_sms=channel == SMS))
    ]
    return Typed(tuple(wordings), tidied(_field(visit, "reason")))


def _text(visit: Visit, field: str, *, is_sms: bool) -> str:
    text = tidied(_field(visit, field))
    return plain_marks(text) if is_sms else text


def _field(visit: Visit, field: str) -> str:
    return str(visit.form.get(field, ""))[:LONGEST_FIELD]


def _texts(wordings: Wordings) -> list[tuple[str, str]]:
    return [(wording.channel, wording.text) for wording in wordings]


def _page(
    visit: Visit, desk: Desk, typed: Typed | None = None, problems: Sequence[Problem] = (), status: int = 200
) -> Response:
    waiting = desk.state.waiting
    wanted = _content(waiting.content) if waiting else ()
    said_now = {each.text for each in desk.in_force}
    return visit.page(
        "answer.html",
        status=status,
        answer=desk.answer,
        address=desk.address,
        state=desk.state,
        channels=_shown(desk, typed.wordings if typed else desk.in_force, problems),
        wanted=_shown(desk, wanted, problems_of(wanted, desk.standard, desk.settings)) if waiting else [],
        said_now=said_now,
        no_longer=sorted(said_now - {each.text for each in wanted}) if wanted else [],
        whole=[problem.said for problem in problems if not problem.place],
        reason=typed.reason if typed else "",
        reason_problem=next((problem.said for problem in problems if problem.place == "reason"), ""),
        is_checked=typed is not None,
        is_stopped=bool(stopping(problems)),
        shipped=_shown(desk, desk.standard.shipped, ()),
        versions=[(version, _shown(desk, _content(version.content), ())) for version in desk.state.history],
        facts=[(name, facts()[name]) for name in desk.standard.named_facts if name in facts()],
        placeholders=placeholders_of(desk.standard, desk.settings),
        danger_says=desk.standard.danger_says,
        words_that_stay=words_that_stay(desk.standard),
        unfit=desk.unfit,
        is_danger=desk.standard.is_danger,
        may_change=visit.account.role in REVIEWERS,
        needs_two_people=visit.settings.console.needs_two_people,
        lacks_colleague=lacks_colleague(visit),
    )


def _content(stored: object) -> Wordings:
    return read_stored(stored, from_stored_form) or ()


def _shown(desk: Desk, wordings: Wordings, problems: Sequence[Problem]) -> list[object]:
    return [*shown_channels(texts_by_channel(wordings), desk.standard, desk.settings, problems)]


FORM = TypedForm(TYPED, show_again)
ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute("/answers", "GET", show_answers, EVERYBODY, "answers.viewed"),
    ConsoleRoute("/answers/bot", "GET", show_bot, EVERYBODY, None),
    ConsoleRoute("/answers/{key}", "GET", show_answer, EVERYBODY, "answer.viewed"),
    ConsoleRoute("/answers/{key}", "POST", propose_typed, REVIEWERS, "answer.proposed", FORM),
    ConsoleRoute("/answers/{key}/check", "POST", check_typed, REVIEWERS, "answer.checked", FORM),
    ConsoleRoute("/answers/{key}/release", "POST", release_answer, REVIEWERS, "answer.released"),
    ConsoleRoute("/answers/{key}/reject", "POST", reject_answer, REVIEWERS, "answer.rejected"),
    ConsoleRoute("/answers/{key}/back", "POST", answer_back, REVIEWERS, "answer.put_back"),
    ConsoleRoute("/answers/{key}/keep", "POST", keep_answer, REVIEWERS, "answer.kept"),
)
