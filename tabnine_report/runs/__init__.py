"""One run of one organization: its context, storage, release and result. Knows nothing of Prefect."""
