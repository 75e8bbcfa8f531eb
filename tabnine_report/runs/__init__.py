"""One run of one organization, without Prefect."""
