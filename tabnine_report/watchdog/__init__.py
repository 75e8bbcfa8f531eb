"""The watchdog: one module for each kind of check without Prefect, and what it remembers and sends.

`flows/watch.py` runs the checks of all profiles.
"""
