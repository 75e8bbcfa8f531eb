from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import trustme
from postgresql import new_database, programs, serve_postgresql

from tabnine_report.deliver.ledger import database
from tabnine_report.deliver.message import Attachment, Message
from tabnine_report.text.i18n import Language

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
SLACK = {"text": "412 people", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "412"}}]}


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: AT


@pytest.fixture
def language() -> Language:
    return Language("en", ZoneInfo("Europe/Berlin"))


@pytest.fixture
def message() -> Message:
    return Message(
        subject="412 people used Tabnine in October — 23 more",
        text="412 people used Tabnine in October.\n.hidden dot\n",
        html='<html><body><p>412 people · Łódź</p><img src="cid:people"></body></html>',
        pictures={"people": b"\x89PNG picture"},
        attachments=(Attachment("acme-2026-10.pdf", "application/pdf", b"%PDF-1.7 " + bytes(range(256))),),
        payloads={"slack": SLACK},
    )


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_bundle(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("certificates") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[int]:
    """Yield the port of a PostgreSQL server."""
    binaries = programs()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with serve_postgresql(binaries) as port:
        yield port


@pytest.fixture
def postgresql_url(postgresql: int) -> Iterator[str]:
    """Yield the URL of a new database, and close this process's connections to it at the end."""
    url = new_database(postgresql)
    yield url
    if engine := database._engines.pop(url, None):
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a ledger that does not exist yet, in each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/ledger.db"
    url: str = request.getfixturevalue("postgresql_url")
    return url
