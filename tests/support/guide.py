"""The code blocks and commands of the documentation."""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
OTHER_BLOCKS = ("[archive]\n", "Warsaw joined", "automations:\n", "<archive.location>", "[Unit]\n")
"""How the blocks begin that are no commands: settings, a note, automations, a list of files, a unit of systemd."""
NOT_RUN = {
    "docker compose up --detach --build": "needs a container engine; tests/deploy checks the files",
    "docker compose exec -T database pg_dumpall --username reports > databases.sql": "needs a container engine",
    "docker compose run --rm --no-deps -T deploy tar -cz -C /archive . > archive.tar.gz": "needs a container engine",
    "docker compose up --detach database": "needs a container engine",
    "docker compose exec -T database psql --username reports postgres < databases.sql": "needs a container engine",
    "docker compose run --rm --no-deps -T deploy tar -xz -C /archive < archive.tar.gz": "needs a container engine",
}
"""Commands that are not run, and why."""
_BLOCK = re.compile(r"(?:(?<=\n\n)|\A)((?: {4,}[^\n]*\n|\n(?= {4}))+)")
_PROGRAMS = ("*/10 * * * * ", "tabnine-report", ".venv/bin/", "make", "docker", "export", "cd", "echo", "git", "tar")


def code_blocks(document: Path) -> Iterator[str]:
    """Yield the code blocks of a document, which are indented."""
    for block in _BLOCK.findall(document.read_text(encoding="utf-8")):
        yield textwrap.dedent(block)


def command_blocks(document: Path) -> Iterator[list[str]]:
    """Yield the commands of each code block, each without its comment."""
    for block in code_blocks(document):
        lines = [line for line in block.splitlines() if line.startswith(_PROGRAMS)]
        yield [re.sub(r"\s+# .*", "", line).strip() for line in lines]


def commands(document: Path) -> list[str]:
    """Return the commands of a document in their order."""
    return [command for block in command_blocks(document) for command in block]


def code_spans(document: Path) -> list[str]:
    """Return what stands between backticks."""
    return re.findall(r"`([^`\n]+)`", document.read_text(encoding="utf-8"))
