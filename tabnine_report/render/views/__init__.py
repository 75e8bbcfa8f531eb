"""One view for each page of the report: every sentence, label and chart that the page's template places."""
