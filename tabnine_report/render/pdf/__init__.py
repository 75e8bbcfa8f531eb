"""The report as PDF, made in a child process."""
