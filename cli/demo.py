"""`tabnine-report demo`: the whole way on this machine, with an invented organization."""

import logging
import os
import tempfile
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.terminal import tell
from tabnine_report.model.errors import SettingsError
from tabnine_report.runs import clock
from tabnine_report.sandbox.server import serve_sandbox
from tasks.read_profile import PROFILES

_ZONE = ZoneInfo("Europe/Berlin")
_SANDBOX = "http://127.0.0.1:8722"
_NOTICE_BY = "2026-12-15"
_UNTIL_NOTICE = timedelta(days=43)
_log = logging.getLogger(__name__)


def demo(*, output: Path = Path("demo")) -> None:
    """Make the report of an invented organization, from a sandbox API to a folder of messages.

    The run is rehearsed as its schedule would have started it: on the 2nd of this month, or of the last one.

    Args:
        output: The folder for the report, its messages and the profile.
    """
    output = output.resolve()
    at = _last_scheduled(datetime.now(UTC))
    with ExitStack() as stack:
        # A home of its own: the demo starts a Prefect server, and leaves nothing behind.
        home = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="tabnine-report-demo-", ignore_cleanup_errors=True)
        )
        os.environ["PREFECT_HOME"] = home
        os.environ.pop("PREFECT_API_URL", None)
        now = stack.enter_context(clock.rehearse(at))
        base_url = stack.enter_context(serve_sandbox(now=now)).base_url
        profile = _write_profile(output, base_url, notice_by=(at + _UNTIL_NOTICE).date())
        _log.info("Started a sandbox API at %s", base_url)
        from cli.flow_run import run_flow  # noqa: PLC0415 - Prefect reads its home when imported

        outcome = run_flow(str(profile))
    tell(outcome.report.headline)
    tell()
    for name, path in (
        ("HTML", outcome.folder / "report.html"),
        ("PDF", outcome.folder / "report.pdf"),
        ("Workbook", outcome.folder / "report.xlsx"),
        ("Full", outcome.folder / "full" / "report.pdf"),
        ("Messages", output / "outbox"),
        ("Profile", profile),
    ):
        tell(f"{name:<9} {path}")


def _last_scheduled(now: datetime) -> datetime:
    """Give the last instant at which the schedule in prefect.yaml started a run."""
    today = now.astimezone(_ZONE)
    at = today.replace(day=2, hour=7, minute=0, second=0, microsecond=0)
    return at if at <= today else (at.replace(day=1) - timedelta(days=1)).replace(day=2)


def _write_profile(output: Path, base_url: str, notice_by: date) -> Path:
    """Write the demo's profile for this sandbox and this folder, so that the run can be looked at and repeated."""
    text = (PROFILES / "demo.toml").read_text(encoding="utf-8")
    profile = output / "demo.toml"
    try:
        output.mkdir(parents=True, exist_ok=True)
        profile.write_text(
            text.replace(_SANDBOX, base_url).replace(_NOTICE_BY, str(notice_by)).replace("../demo/", ""),
            encoding="utf-8",
        )
    except OSError as error:
        raise SettingsError(f"Folder {output}", [f"cannot be written: {error.strerror}"]) from error
    return profile
