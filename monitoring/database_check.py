"""Whether the database answers, asked at each scrape."""

from sqlalchemy.engine import Engine

from clinic.database import answers
from monitoring.checks import Ask, Gauges

NAME = "database"


def database_question(engine: Engine) -> Ask:
    """A question whose only answer is that there is one."""

    def ask() -> Gauges:
        answers(engine)
        return ()

    return ask
