"""Render the report as HTML, with its charts."""
