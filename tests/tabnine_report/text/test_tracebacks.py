"""The log of an unexpected error states where it occurred, but not its text, which may contain a secret."""

import logging
import os

import pytest

from tabnine_report.text.tracebacks import log_unexpected_error, traceback_without_text

SECRET = "https://hooks.example/hush"


def look_up() -> None:
    try:
        os.environ[SECRET]
    except KeyError as error:
        raise RuntimeError(SECRET) from error


@pytest.fixture
def error() -> BaseException:
    with pytest.raises(RuntimeError) as caught:
        look_up()
    return caught.value


def test_errors_are_named_in_their_order(error: BaseException) -> None:
    text = traceback_without_text(error)

    assert [line for line in text.splitlines() if line.endswith("Error")] == ["KeyError", "RuntimeError"]
    assert "in look_up\n" in text
    assert SECRET not in text


def test_a_suppressed_error_is_left_out(error: BaseException) -> None:
    error.__cause__ = None

    assert "KeyError" not in traceback_without_text(error)


def test_only_the_formatted_line_has_the_traceback(error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    """The command line shows the message alone."""
    log_unexpected_error(logging.getLogger("tabnine_report"), "It failed.", error)

    (record,) = caplog.records
    assert record.getMessage() == "It failed."
    assert "in look_up\n" in caplog.text
    assert SECRET not in caplog.text
