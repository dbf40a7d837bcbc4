"""How the processes write their logs: one line a record, and nothing of what visitors write."""

import logging
import traceback
from types import TracebackType

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"

ExceptionInformation = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    """Formats an exception as its kind and the places it passed, without its message, which may quote a visitor."""

    def formatException(self, information: ExceptionInformation) -> str:  # noqa: N802 - the name is the parent's
        """The exception and what caused it, innermost first."""
        lines: list[str] = []
        error: BaseException | None = information[1]
        while error is not None:
            lines.append(type(error).__name__)
            lines += [
                f"  {frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__, limit=-8)
            ]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)
