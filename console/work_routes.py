"""The routes of a kind of work: the same for requests and for messages."""

from functools import partial

from clinic.staff_work import Item
from console.roles import SCHEDULERS
from console.routing import ConsoleRoute, TypedForm
from console.work_desk import Desk
from console.work_downloads import download_list, download_one
from console.work_lists import show_found, show_list
from console.work_page import save, show_again, show_one


def work_routes(desk: Desk[Item]) -> tuple[ConsoleRoute, ...]:
    """All routes of the desk; only those who see contact details may use any of them."""
    many, one = f"/{desk.plural}", desk.address("{row_id}")
    note = TypedForm(("note",), partial(show_again, desk))
    routes = (
        (many, "GET", show_list, f"{desk.plural}.listed", None),
        (many, "POST", show_found, f"{desk.plural}.searched", None),
        (f"{many}/download/{{form}}", "GET", download_list, f"{desk.plural}.exported", None),
        (one, "GET", show_one, f"{desk.name}.viewed", None),
        (one, "POST", save, f"{desk.name}.changed", note),
        (f"{one}/download/{{form}}", "GET", download_one, f"{desk.name}.exported", None),
    )
    return tuple(
        ConsoleRoute(path, method, partial(endpoint, desk), SCHEDULERS, action, typed)
        for path, method, endpoint, action, typed in routes
    )
