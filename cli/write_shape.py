"""Write the file of `check --shape`: the structure of the API's responses, to send to the maintainers."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.terminal import print_line
from tabnine_report.model.errors import SettingsError
from tabnine_report.usage_api.shapes.response_shapes import ResponseShapes


@contextmanager
def writing_shape(file: Path) -> Iterator[ResponseShapes]:
    """Create a file that only its owner can read; yield a collector of responses, and write its content at the end.

    After an error, the responses collected until then are written.

    Raises:
        SettingsError: If the file exists, or cannot be created.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        problem = f"{file} exists and is not overwritten. Choose another file, or remove it"
        raise SettingsError("--shape", [problem]) from error
    except OSError as error:
        problem = f"{file} cannot be created: {error.strerror}. Choose another file"
        raise SettingsError("--shape", [problem]) from error
    shapes = ResponseShapes()
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        try:
            yield shapes
        finally:
            stream.write(json.dumps(shapes.document(), indent=1) + "\n")
    print_line(
        f"Wrote the structure of the API's responses to {file}. It contains field names, types, statuses and rounded "
        "sizes, but no values of your organization. Review it before you send it to the maintainers."
    )
