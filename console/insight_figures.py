"""All figures of a period, in the order of their page."""

from collections.abc import Callable

from console.figure import Figure
from console.insight_answers import feedback, outcomes, outcomes_over_time, rates, response_times, topics
from console.insight_traffic import channels, hours, languages, volume
from console.insight_view import InsightView
from console.insight_work import first_contact, form_funnel, work_taken

FIGURES: dict[str, Callable[[InsightView], Figure]] = {
    "volume": volume,
    "hours": hours,
    "channels": channels,
    "languages": languages,
    "topics": topics,
    "outcomes": outcomes,
    "outcomes-over-time": outcomes_over_time,
    "rates": rates,
    "response-times": response_times,
    "feedback": feedback,
    "work-taken": work_taken,
    "first-contact": first_contact,
    "form": form_funnel,
}


def figures(view: InsightView) -> list[Figure]:
    """Every figure."""
    return [make(view) for make in FIGURES.values()]
