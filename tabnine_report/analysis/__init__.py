"""From a snapshot to the report model: pandas frames, metrics, findings, checks."""
