"""The ledger: what was sent to whom, and which revision numbers were given out."""
