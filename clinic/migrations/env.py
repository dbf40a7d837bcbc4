"""How Alembic runs a migration; see `clinic/migrate.py`, which calls it with an open connection."""

from alembic import context

from clinic.migrate import VERSION_TABLE

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table=VERSION_TABLE, render_as_batch=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
