"""The channels: one file for each way to send a message, and the registry that lists them."""
