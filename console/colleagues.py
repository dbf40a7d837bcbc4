"""The people of the staff as others see them: by the name that is shown, and who may be given work."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from console.roles import REVIEWERS, SCHEDULERS, Role
from console.tables import Account


@dataclass(frozen=True)
class Colleague:
    """One account. `can_work` when requests and messages may be assigned to it."""

    name: str
    shown: str
    active: bool
    can_work: bool


class Colleagues:
    """All accounts, for showing names and offering people."""

    def __init__(self, people: Sequence[Colleague]) -> None:
        self._people = {person.name: person for person in people}

    def shown(self, name: str) -> str:
        """The name that colleagues know; the account's name where there is no such account."""
        return self._people[name].shown if name in self._people else name

    def can_work(self, name: str) -> bool:
        """Whether requests and messages may be assigned to this account."""
        return name in self._people and self._people[name].can_work

    def to_assign(self, me: str, present: str | None) -> list[tuple[str, str]]:
        """Pairs of account and shown name for a choice: nobody, oneself, the others, and who has it at present."""
        others = [person.name for person in self._people.values() if person.can_work and person.name != me]
        choices = [("", "Nobody"), (me, f"Me ({self.shown(me)})"), *((name, self.shown(name)) for name in others)]
        if present and present not in {name for name, _ in choices}:
            choices.append((present, f"{self.shown(present)} (can no longer be chosen)"))
        return choices

    def to_filter(self, me: str) -> list[tuple[str, str]]:
        """The others who may have work, people whose accounts are off among them."""
        return [
            (person.name, person.shown if person.active else f"{person.shown} (off)")
            for person in self._people.values()
            if person.name != me and (person.can_work or not person.active)
        ]


def read_colleagues(engine: Engine) -> Colleagues:
    """All accounts, by shown name; one statement."""
    query = select(Account.name, Account.display_name, Account.active, Account.role).order_by(Account.display_name)
    with transaction(engine) as session:
        return Colleagues(
            [
                Colleague(name, shown, active, active and Role(role) in SCHEDULERS)
                for name, shown, active, role in session.execute(query)
            ]
        )


def has_another_reviewer(engine: Engine, name: str) -> bool:
    """Whether somebody besides the account `name` can log in and take a change of the content live."""
    can = (Account.active.is_(True), Account.password_hash.is_not(None), Account.name != name)
    roles = [role.value for role in REVIEWERS]
    with transaction(engine) as session:
        return session.execute(select(Account.id).where(*can, Account.role.in_(roles)).limit(1)).first() is not None
