"""Build the report model from a snapshot: pandas frames, metrics, findings, checks."""
