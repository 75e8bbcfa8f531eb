"""Everything about a monthly report that does not depend on Prefect."""
