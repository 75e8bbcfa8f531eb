"""The report as HTML, with its charts."""
