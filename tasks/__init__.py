"""The steps: one thin Prefect task a file; what a step does is the business of `tabnine_report`."""
