"""The deployments in Prefect that `tabnine-report deploy` makes from profiles."""
