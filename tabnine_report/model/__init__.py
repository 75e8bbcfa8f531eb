"""The model of a report: months, figures, sections, findings, editions, errors."""
