"""Words and characters: catalog, number and date formats, sanitizing, redaction."""
