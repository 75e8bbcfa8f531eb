"""Renders the documents of the sample report once for all tests."""

import logging

import pytest
from sample_report import sample_report

from tabnine_report.model.edition import EDITIONS
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.documents import render_documents


@pytest.fixture(scope="session")
def report() -> MonthlyReport:
    return sample_report()


@pytest.fixture(scope="session")
def warnings() -> list[str]:
    """Return what was logged while the documents of the sample report were rendered."""
    return []


@pytest.fixture(scope="session")
def documents(report: MonthlyReport, warnings: list[str]) -> dict[str, bytes]:
    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            warnings.append(record.getMessage())

    logger, keeper = logging.getLogger("tabnine_report"), Keeper(logging.INFO)
    logger.addHandler(keeper)
    level = logger.level
    logger.setLevel(logging.INFO)
    try:
        return render_documents(report, editions=EDITIONS, link="https://reports.example/acme/2026-10/r1/report.html")
    finally:
        logger.removeHandler(keeper)
        logger.setLevel(level)
