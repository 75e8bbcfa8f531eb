"""Words and characters: the catalog, number and date formats, sanitizing, redaction."""
