"""The Usage Metrics API: its endpoints, the client that fetches them, and the records read from their responses."""
