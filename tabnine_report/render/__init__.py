"""Render the report model as documents: HTML, PDF, workbook, email, Slack and Prefect."""
