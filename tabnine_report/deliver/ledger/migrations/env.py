"""Alembic's entry point: run the missing versions in the transaction that `ledger/database.py` opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
