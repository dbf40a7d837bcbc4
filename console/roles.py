"""What a person of the staff may do. Every route of the console names the roles that may use it."""

from enum import Enum


class Role(str, Enum):
    """The role of an account; each person has one."""

    READER = "reader"
    """Reads conversations and figures."""
    REVIEWER = "reviewer"
    """Says what was right and wrong, and teaches the assistant."""
    SCHEDULER = "scheduler"
    """Works on requests and messages, and so sees contact details."""
    ADMIN = "admin"
    """Everything, accounts and the audit included."""


EVERYBODY = frozenset(Role)
REVIEWERS = frozenset({Role.REVIEWER, Role.ADMIN})
SCHEDULERS = frozenset({Role.SCHEDULER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
DESK = frozenset({Role.REVIEWER, Role.SCHEDULER, Role.ADMIN})
