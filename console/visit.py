"""One request, as the endpoints of the console see it: who asks, what was sent, and the ways to answer."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from jinja2 import Environment
from sqlalchemy.engine import Engine
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from clinic.settings import Settings
from console.colleagues import Colleagues, read_colleagues
from console.cookies import clear_notice, notice_of, set_notice
from console.navigation import Navigation
from console.roles import Role

SEE_OTHER = 303
FORM_OF_IDS = re.compile(r"[A-Za-z0-9_.:-]{0,100}")
NO_ID = "(no id)"


class NotFoundError(LookupError):
    """There is no such thing, or not for this person; the answer is the 404 page."""


class BadInputError(ValueError):
    """What was sent cannot be taken; the message is for the person and is shown on a 400 page."""


class ConflictError(ValueError):
    """Somebody else was faster; the message is for the person and is shown on a 409 page."""


@dataclass(frozen=True)
class Console:
    """What all requests of one process share."""

    engine: Engine
    settings: Settings
    pages: Environment
    navigation: Navigation
    actions: tuple[str, ...]
    """What the audit may call an action, in order."""


@dataclass(frozen=True)
class SignedIn:
    """The person who asks. `name` is what `changed_by` and the audit hold."""

    id: str
    name: str
    display_name: str
    role: Role


@dataclass(frozen=True)
class SessionOfVisit:
    """The session in which a person asks: whose it is, its digest, and the token that its forms hold."""

    account: SignedIn
    digest: str
    csrf: str


@dataclass(frozen=True)
class Subject:
    """What a request is about, as the audit keeps it: ids, numbers and names of fields, never text of visitors."""

    kind: str
    id: str
    details: dict[str, object]


class PublicVisit:
    """One request of somebody who need not have logged in."""

    account: SignedIn | None = None
    csrf = ""

    def __init__(self, console: Console, request: Request, form: FormData) -> None:
        self._console = console
        self.request = request
        self.engine = console.engine
        self.settings = console.settings
        self.path: dict[str, str] = dict(request.path_params)
        self.query: QueryParams = request.query_params
        self.form = form

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks, so that a part of a page is enough."""
        return self.request.headers.get("HX-Request") == "true"

    @property
    def audit_actions(self) -> tuple[str, ...]:
        """What the audit may call an action, in order."""
        return self._console.actions

    @property
    def address(self) -> str:
        """The address of the client, as uvicorn knows it."""
        return self.request.client.host if self.request.client else ""

    def page(self, template: str, status: int = 200, **context: object) -> Response:
        """Render a template; account, navigation, csrf token and notice are in every page's context."""
        notice = notice_of(self.request)
        shared = {
            "account": self.account,
            "nav": self._console.navigation.of(self.account.role if self.account else None, self.request.url.path),
            "csrf": self.csrf,
            "notice": notice,
            "clinic_name": self.settings.clinic_name,
        }
        text = self._console.pages.get_template(template).render(shared | context)
        response = HTMLResponse(text, status_code=status)
        if notice and not self.is_fragment:
            clear_notice(response, self.settings.console)
        return response

    def redirect(self, path: str, notice: str = "") -> Response:
        """Send the browser to another page of the console after a POST.

        Args:
            path: where to, within the console.
            notice: a key of `console.page_notices.NOTICES`, whose text the next page shows once.

        Raises:
            KeyError: there is no such notice.
        """
        response = RedirectResponse(path, status_code=SEE_OTHER)
        if notice:
            set_notice(response, self.settings.console, notice)
        return response

    def download(self, content: bytes, media_type: str, filename: str) -> Response:
        """A file to keep; `filename` is one of ours, without anything a visitor wrote."""
        disposition = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
        return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


class Visit(PublicVisit):
    """One request of a person who has logged in."""

    account: SignedIn

    def __init__(self, console: Console, request: Request, form: FormData, session: SessionOfVisit) -> None:
        super().__init__(console, request, form)
        self.account = session.account
        self.session_digest = session.digest
        self.csrf = session.csrf
        self.subject: Subject | None = None

    def page(self, template: str, status: int = 200, **context: object) -> Response:
        """Render a template; besides what every page has, `person` gives the name that colleagues know somebody by."""
        return super().page(template, status, **{"person": self.person, **context})

    def person(self, name: str) -> str:
        """The display name of an account, switched off or not; the account's name where there is no such account."""
        return self._colleagues.shown(name)

    @cached_property
    def _colleagues(self) -> Colleagues:
        # Only read where a page names somebody: one statement then, however many it names.
        return read_colleagues(self.engine)

    def about(self, kind: str, id: str, **details: object) -> None:  # noqa: A002 - the audit's word
        """Say what the audit's row is about.

        Args:
            kind: what it is, such as `conversation`.
            id: which one. What has not the form of an id, such as a name written into an address, is not kept.
            details: ids, numbers and names of fields; never names, numbers or texts of visitors.
        """
        self.subject = Subject(kind, id if FORM_OF_IDS.fullmatch(id) else NO_ID, details)
