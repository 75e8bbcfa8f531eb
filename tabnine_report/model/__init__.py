"""What a report is: months, figures, sections, findings, editions, errors."""
