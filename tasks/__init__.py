"""The steps: one thin file for each, with its retries, time limit and name."""
