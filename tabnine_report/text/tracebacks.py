"""Log where an unexpected error occurred, without its text, which may contain a secret."""

import logging
from collections.abc import Iterator
from traceback import format_tb


def traceback_without_text(error: BaseException) -> str:
    """Return the traceback of an error and of those that it followed, the first one first; errors are only named."""
    return "\n".join(_tracebacks(error))


def log_unexpected_error(logger: logging.Logger, message: str, error: BaseException) -> None:
    """Log a message with the traceback, as an exception is logged: a handler may leave the traceback out."""
    record = logger.makeRecord(logger.name, logging.ERROR, __file__, 0, message, (), None)
    record.exc_text = traceback_without_text(error)
    logger.handle(record)


def _tracebacks(error: BaseException) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _tracebacks(earlier)
    yield f"Traceback (most recent call last):\n{''.join(format_tb(error.__traceback__))}{type(error).__qualname__}"
