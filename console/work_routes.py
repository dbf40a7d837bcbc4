"""The routes of a kind of work: the same for requests and for messages."""

from functools import partial

from clinic.staff_work import Item
from console.roles import SCHEDULERS
from console.routing import ConsoleRoute
from console.work_desk import Desk
from console.work_downloads import download_list, download_one
from console.work_lists import show_found, show_list
from console.work_page import save, show_one


def work_routes(desk: Desk[Item]) -> tuple[ConsoleRoute, ...]:
    """All routes of the desk; only those who see contact details may use any of them."""
    many, one = f"/{desk.plural}", desk.address("{row_id}")
    routes = (
        (many, "GET", show_list, f"{desk.plural}.listed"),
        (many, "POST", show_found, f"{desk.plural}.searched"),
        (f"{many}/download/{{form}}", "GET", download_list, f"{desk.plural}.exported"),
        (one, "GET", show_one, f"{desk.name}.viewed"),
        (one, "POST", save, f"{desk.name}.changed"),
        (f"{one}/download/{{form}}", "GET", download_one, f"{desk.name}.exported"),
    )
    return tuple(
        ConsoleRoute(path, method, partial(endpoint, desk), SCHEDULERS, action)
        for path, method, endpoint, action in routes
    )
