"""Render the report as PDF, in a child process."""
