"""Delivery: sends a bundle's documents to recipients, and records every delivery in the ledger."""
