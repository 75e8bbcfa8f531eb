"""The steps of a run: each module defines the Prefect tasks of one step. The work itself is in `tabnine_report`."""
