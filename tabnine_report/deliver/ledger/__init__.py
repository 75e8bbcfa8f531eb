"""The ledger: a database that records every delivery and every revision number."""
