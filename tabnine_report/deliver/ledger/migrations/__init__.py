"""The versions of the ledger's tables; Alembic runs the missing ones when a ledger is opened."""
