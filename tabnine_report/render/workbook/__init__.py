"""Render the report as a workbook for analysts."""
