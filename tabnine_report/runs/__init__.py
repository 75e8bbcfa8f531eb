"""One run of one organization: its context, storage, release and result. Does not depend on Prefect."""
