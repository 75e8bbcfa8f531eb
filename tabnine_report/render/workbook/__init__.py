"""Renders the report as a workbook for analysts."""
