"""How the ledger's tables came to be, step by step: what Alembic runs when a ledger is opened."""
