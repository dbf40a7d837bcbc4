"""What is made of the settings once, and again when the clinic's details in them change."""

from collections.abc import Callable
from typing import Generic, TypeVar

from clinic.settings import Settings

Made = TypeVar("Made")


class MadeAnew(Generic[Made]):
    """Keeps what was made last."""

    def __init__(self, make: Callable[[Settings], Made], settings: Settings) -> None:
        """Make it at once, so that what cannot be made is known at the start; errors are those of `make`."""
        self._make, self._settings, self._made = make, settings, make(settings)

    def of(self, settings: Settings) -> Made:
        """What is made of these settings."""
        if settings != self._settings:
            self._settings, self._made = settings, self._make(settings)
        return self._made
