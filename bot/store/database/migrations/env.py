"""What Alembic runs for a migration, in the transaction that the store began."""

from __future__ import annotations

from alembic import context

from bot.store.database.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
