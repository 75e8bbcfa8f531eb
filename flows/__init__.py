"""The flows: one module per flow, which calls the tasks in their order, and the states in which they end."""

import logging

# Prefect shows log lines of these packages (PREFECT_LOGGING_EXTRA_LOGGERS) on a run's page only if they have a level.
for _package in ("flows", "tasks", "tabnine_report"):
    logging.getLogger(_package).setLevel(logging.INFO)
