"""The Usage Metrics API: what is asked, how it is asked, what it answers."""
