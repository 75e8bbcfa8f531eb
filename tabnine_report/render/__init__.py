"""Render the report model as documents: HTML, PDF, workbook, email, chat and Prefect."""
