"""What is kept of the purge itself: its runs, how much went, and whose turn it is. Nothing in it is personal."""

from sqlalchemy import Column, DateTime, Index, Integer, String

from clinic.database import Base


class RetentionRun(Base):
    """One run. `started_by` is `schedule`, `command`, `console` or `restore`.

    `due_on` is the day of the clinic that a scheduled run was for, as in 2026-11-23. `finished_at` stays null in a run
    that was cut short or failed; `fault` then names the kind of fault, where it could still be written.
    """

    __tablename__ = "retention_runs"
    __table_args__ = (Index("ix_retention_runs_started_at", "started_at"),)

    id = Column(String(36), primary_key=True)
    started_by = Column(String(20), nullable=False)
    due_on = Column(String(10))
    started_at = Column(DateTime(timezone=True), nullable=False)
    finished_at = Column(DateTime(timezone=True))
    fault = Column(String(100))


class RetentionReceipt(Base):
    """How much of one store one run removed for one class. It grows with each batch, in the batch's transaction.

    `store` is a table, or `files:` and a folder.
    """

    __tablename__ = "retention_receipts"

    run_id = Column(String(36), primary_key=True)
    retention_class = Column(String(40), primary_key=True)
    store = Column(String(60), primary_key=True)
    removed = Column(Integer, nullable=False)
    recorded_at = Column(DateTime(timezone=True), nullable=False)


class RetentionLease(Base):
    """Whose turn it is to purge: one row, made by the migration. A process that dies loses it after `held_until`."""

    __tablename__ = "retention_leases"

    name = Column(String(40), primary_key=True)
    holder = Column(String(36))
    held_until = Column(DateTime(timezone=True))
