"""Following what the staff change in the console: wordings and clinic details are taken up while the bot runs."""

import logging

from sqlalchemy.engine import Engine

from channels.following import keep_looking
from channels.wording import ClinicResponses
from clinic.answers.in_force import ContentInForce, read_in_force
from clinic.answers.versions import newest_version
from clinic.clinic_details import with_details
from clinic.settings import Settings

logger = logging.getLogger(__name__)


class ContentChanges:
    """Keeps one process on what is in force. `settings` are those of the deployment with the clinic's details."""

    def __init__(self, engine: Engine, responses: ClinicResponses, settings: Settings) -> None:
        """Prepare.

        Args:
            engine: where the versions are.
            responses: of this process, which say the wordings.
            settings: of the deployment.
        """
        self.settings = settings
        self._engine = engine
        self._responses = responses
        self._given = settings
        self._content = ContentInForce()

    @property
    def version(self) -> int:
        """The newest version that this process knows; 0 while nothing was changed."""
        return self._content.version

    def catch_up(self) -> None:
        """Take what is in force.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer; what was known stays in force.
        """
        content = self._newer()
        if content is not None:
            self._take(content)

    async def follow(self) -> None:
        """Look for changes until cancelled."""
        await keep_looking(self._newer, self._take, "changed answers")

    def _newer(self) -> ContentInForce | None:
        if newest_version(self._engine) == self.version:
            return None
        return read_in_force(self._engine)

    def _take(self, content: ContentInForce) -> None:
        self._content = content
        self.settings = with_details(self._given, content.details)
        self._responses.take(content, self.settings)
        logger.info("answers and clinic details of version %s are in force", content.version)
