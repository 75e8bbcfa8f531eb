"""The story: which steps, in which order."""
