"""All figures of a period, in the order of their page."""

from collections.abc import Callable

from console.figure import Figure
from console.insight_answers import feedback, outcomes, outcomes_over_time, rates, response_times, topics
from console.insight_traffic import channels, hours, languages, volume
from console.insight_view import InsightView
from console.insight_work import first_contact, form_funnel, work_taken

MakeFigure = Callable[[InsightView], Figure]

FIGURES: dict[str, MakeFigure] = {
    "volume": volume,
    "hours": hours,
    "channels": channels,
    "languages": languages,
    "topics": topics,
    "outcomes": outcomes,
    "outcomes-over-time": outcomes_over_time,
    "rates": rates,
    "feedback": feedback,
    "response-times": response_times,
    "work-taken": work_taken,
    "first-contact": first_contact,
    "form": form_funnel,
}
SECTIONS = {
    "How much is written": ("volume", "hours", "channels", "languages"),
    "What is asked, and how it is answered": (
        "topics",
        "outcomes",
        "outcomes-over-time",
        "rates",
        "feedback",
        "response-times",
    ),
    "What the clinic is asked to do": ("work-taken", "first-contact", "form"),
}


def sections(view: InsightView) -> dict[str, list[Figure]]:
    """Every figure, under the titles of the page's sections."""
    return {title: [FIGURES[key](view) for key in keys] for title, keys in SECTIONS.items()}
