"""The page behind a one-time link."""

from starlette.responses import Response

from console.cookies import set_login_name
from console.invitations import LinkError
from console.known_browsers import mark_browser
from console.passwords import LONGEST, RULES, PasswordRefusedError
from console.routing import PublicRoute
from console.staff import StaffError
from console.visit import PublicVisit
from console.welcome import Choice, take_up, whose_link

GONE = 410


def show_welcome(visit: PublicVisit) -> Response:
    """The form in which the password is chosen."""
    return _form(visit, visit.query.get("token", ""), Choice("", "", ""))


def take_welcome(visit: PublicVisit) -> Response:
    """Take the link up."""
    typed = {field: str(visit.form.get(field, ""))[: LONGEST + 1] for field in ("token", "name", "display_name")}
    password, again = (str(visit.form.get(field, ""))[: LONGEST + 1] for field in ("password", "again"))
    choice = Choice(typed["name"], typed["display_name"], password)
    if password != again:
        return _form(visit, typed["token"], choice, "The passwords differ. Please type the same one twice.")
    try:
        taken = take_up(visit.engine, visit.settings.secret_key, typed["token"], choice)
    except (StaffError, PasswordRefusedError) as error:
        return _form(visit, typed["token"], choice, str(error))
    except LinkError:
        return _gone(visit)
    response = visit.redirect("/login", notice="account_made" if taken.is_new else "password_set")
    set_login_name(response, visit.settings.console, taken.name)
    mark_browser(response, visit.settings, taken.name)
    return response


def _form(visit: PublicVisit, token: str, choice: Choice, problem: str = "") -> Response:
    try:
        name = whose_link(visit.engine, token)
    except LinkError:
        return _gone(visit)
    return visit.page(
        "welcome.html",
        status=400 if problem else 200,
        token=token,
        known_name=name,
        name=choice.name,
        display_name=choice.display_name,
        rules=RULES,
        problem=problem,
    )


def _gone(visit: PublicVisit) -> Response:
    return visit.page(
        "error.html",
        status=GONE,
        heading="This link is no longer valid",
        message="A link can be used once and for 24 hours. Ask an admin of your clinic for a new one.",
        reference="",
        unsent=None,
    )


PUBLIC_ROUTES = (
    PublicRoute("/welcome", "GET", show_welcome),
    PublicRoute("/welcome", "POST", take_welcome),
)
