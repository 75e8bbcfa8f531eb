"""The rules for findings and recommended actions: one module per topic, and `table` with all rules and thresholds."""
