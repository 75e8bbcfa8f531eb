"""From the report model to documents: HTML, PDF, email, Slack."""
