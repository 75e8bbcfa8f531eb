"""From documents to people: one file a channel, and the ledger that knows what was sent."""
