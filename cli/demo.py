"""`tabnine-report demo`: builds a sample report from synthetic data and delivers it to a local folder."""

import logging
import os
import tempfile
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.terminal import print_error, print_line
from tabnine_report.model.errors import SettingsError
from tabnine_report.runs import clock
from tabnine_report.runs.profile_file import PROFILES
from tabnine_report.sandbox.server import serve_sandbox

_ZONE = ZoneInfo("Europe/Berlin")
# The placeholders in the demo's profile that the demo replaces.
_SANDBOX_URL = "http://127.0.0.1:8722"
_NOTICE_BY = "2026-12-15"
_TIME_TO_NOTICE = timedelta(days=43)
_log = logging.getLogger(__name__)


def demo(*, output: Path = Path("demo")) -> int:
    """Build a sample report from synthetic data and deliver it to a local folder.

    The demo simulates the last scheduled run: on the 2nd of this month, or of the previous month.

    Args:
        output: The folder for the archive, the messages and the profile.
    """
    output = output.resolve()
    at = _last_scheduled(datetime.now(UTC))
    with ExitStack() as stack:
        # The demo starts a Prefect server; its own home is removed at the end.
        home = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="tabnine-report-demo-", ignore_cleanup_errors=True)
        )
        os.environ["PREFECT_HOME"] = home
        os.environ.pop("PREFECT_API_URL", None)
        now = stack.enter_context(clock.rehearse(at))
        base_url = stack.enter_context(serve_sandbox(now=now)).base_url
        profile = _write_profile(output, base_url, notice_by=(at + _TIME_TO_NOTICE).date())
        _log.info("Started a sandbox API at %s", base_url)
        from cli.run_in_process import run_flow  # noqa: PLC0415 - Prefect reads PREFECT_HOME when it is imported
        from tasks.read_profile import open_profile  # noqa: PLC0415 - it imports Prefect

        result = run_flow(str(profile))
        if result.status.exit_status:
            print_error(result.summary(open_profile(str(profile)).language))
            return result.status.exit_status
    print_line(result.report.headline)
    print_line()
    for name, path in (
        ("HTML", result.folder / "report.html"),
        ("PDF", result.folder / "report.pdf"),
        ("Workbook", result.folder / "report.xlsx"),
        ("Full", result.folder / "full" / "report.pdf"),
        ("Messages", output / "outbox"),
        ("Profile", profile),
    ):
        print_line(f"{name:<9} {path}")
    return result.status.exit_status


def _last_scheduled(now: datetime) -> datetime:
    """Return the last time at which the default schedule started a run."""
    today = now.astimezone(_ZONE)
    at = today.replace(day=2, hour=7, minute=0, second=0, microsecond=0)
    return at if at <= today else (at.replace(day=1) - timedelta(days=1)).replace(day=2)


def _write_profile(output: Path, base_url: str, notice_by: date) -> Path:
    """Write the demo's profile for this sandbox and folder, so that a person can read it and rerun the month."""
    text = (PROFILES / "demo.toml").read_text(encoding="utf-8")
    profile = output / "demo.toml"
    try:
        output.mkdir(parents=True, exist_ok=True)
        profile.write_text(
            text.replace(_SANDBOX_URL, base_url).replace(_NOTICE_BY, str(notice_by)).replace("../demo/", ""),
            encoding="utf-8",
        )
    except OSError as error:
        raise SettingsError(f"Folder {output}", [f"cannot be written: {error.strerror}"]) from error
    return profile
