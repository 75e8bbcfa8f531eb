"""The story: which steps, in which order."""

import logging

# Prefect shows the log lines of these packages on a run's page (PREFECT_LOGGING_EXTRA_LOGGERS), once they have a level.
for _package in ("flows", "tasks", "tabnine_report"):
    logging.getLogger(_package).setLevel(logging.INFO)
