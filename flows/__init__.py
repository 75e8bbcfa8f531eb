"""The story: which steps are taken, and in which order."""
