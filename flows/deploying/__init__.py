"""The deployments in Prefect that `tabnine-report deploy` creates from profiles."""
