"""The craft: everything about a monthly report that would be true without Prefect."""
