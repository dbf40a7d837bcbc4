"""The few numbers above the figures, each with how it moved."""

from console.figure import Tile
from console.insight_answers import helpful_share, not_understood_share, safety_share
from console.insight_traffic import conversations_begun, messages_of_visitors
from console.insight_view import InsightView
from console.insight_words import count_change, duration_change, duration_in_words, percent_in_words, share_change
from console.insight_work import median_contact, messages_left, requests_taken, share_waiting


def tiles(view: InsightView) -> list[Tile]:
    """The numbers of a period beside those of the days before."""
    return [
        _count("Messages", view, messages_of_visitors(view)),
        _count("Conversations begun", view, conversations_begun(view)),
        _count("Appointment requests", view, requests_taken(view)),
        _count("Messages for the staff", view, messages_left(view)),
        _share("Not understood or failed", view, not_understood_share(view)),
        _share("Safety", view, safety_share(view)),
        _share("Found helpful", view, helpful_share(view)),
        _duration("Median time to first contact", view, median_contact(view)),
        _share("Requests without contact yet", view, share_waiting(view)),
    ]


def _count(name: str, view: InsightView, counts: tuple[int, int]) -> Tile:
    now, before = counts
    return Tile(name, f"{now:,}", count_change(now, before, view.than))


def _share(name: str, view: InsightView, shares: tuple[float | None, float | None]) -> Tile:
    now, before = shares
    return Tile(name, percent_in_words(now), share_change(now, before, view.than))


def _duration(name: str, view: InsightView, seconds: tuple[float | None, float | None]) -> Tile:
    now, before = seconds
    return Tile(name, duration_in_words(now), duration_change(now, before, view.than))
