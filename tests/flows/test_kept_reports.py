"""Archived reports can be verified and rendered from their bundles, in a folder or a bucket, and are purged in time."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archives import bucket, buckets
from receivers import Mail, Webhook
from upath import UPath

from cli.main import status
from flows.monthly_report import monthly_report
from tabnine_report.archive import Bundle
from tabnine_report.archive.verification import verify
from tabnine_report.runs import clock
from tabnine_report.runs.status import RunStatus
from tabnine_report.sandbox.server import RunningSandbox

if TYPE_CHECKING:
    from tabnine_report.runs.result import RunResult

__all__ = ["bucket", "buckets"]

WriteProfile = Callable[..., str]
A_YEAR_LATER = datetime(2027, 11, 3, 6, 0, tzinfo=UTC)
EXECUTIVES = ["cfo@acme.example", "cto@acme.example"]

pytestmark = pytest.mark.usefixtures("_on_the_2nd")


@pytest.fixture
def write_archive(write_profile: WriteProfile) -> WriteProfile:
    """Write the profile with other lines in `[archive]`."""

    def write(*lines: str) -> str:
        # Some runs here are a year later than the sandbox's clock, which is a reason to withhold a report.
        path = Path(write_profile(report='when_incomplete = "mark"'))
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("[archive]\n", "\n".join(["[archive]", *lines, ""])), encoding="utf-8")
        return str(path)

    return write


def render_again(bundle: Bundle, output: Path) -> None:
    """Render the bundle with the command and compare every byte."""
    assert status(["render", str(bundle.folder), "--output", str(output)]) == 0
    made = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    assert made == {name for name in bundle.documents() if not name.startswith("inputs/")}
    assert [name for name in made if (output / name).read_bytes() != bundle.read(name)] == []


async def test_a_report_is_verified_and_rendered_from_its_bundle_alone(
    write_archive: WriteProfile, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = write_archive('link_base = "https://reports.acme.example"')
    result: RunResult = await monthly_report(profile)
    await asyncio.to_thread(Path(profile).unlink)

    await asyncio.to_thread(render_again, Bundle(result.folder), tmp_path / "again")
    assert await asyncio.to_thread(status, ["verify", str(result.folder)]) == 0
    output = capsys.readouterr().out
    assert "Its responses produce the same report" in output
    assert "byte for byte" in output
    assert f"{result.folder} is verified." in output


async def test_a_report_in_a_bucket_is_delivered_verified_and_rendered_like_any_other(
    write_archive: WriteProfile, bucket: UPath, mail: Mail, admins: Webhook, tmp_path: Path
) -> None:
    profile = write_archive(f'location = "{bucket}"', 'ledger = "sqlite:///ledger.db"')
    result: RunResult = await monthly_report(profile)
    rerun: RunResult = await monthly_report(profile)

    assert str(result.folder) == str(rerun.folder) == f"{bucket}/acme/2026-10/r1"
    assert result.status is RunStatus.SENT
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES
    assert str(result.folder) in admins.text()
    bundle = Bundle(str(result.folder))
    await asyncio.to_thread(render_again, bundle, tmp_path / "again")
    assert (await asyncio.to_thread(verify, bundle)).problems == ()


async def test_a_month_can_be_rerun_after_the_files_that_name_people_are_purged(
    write_archive: WriteProfile, mail: Mail, admins: Webhook
) -> None:
    profile = write_archive("keep_personal_data_months = 12")
    first: RunResult = await monthly_report(profile)
    assert Bundle(first.folder).snapshot() is not None

    with clock.rehearse(A_YEAR_LATER):
        later: RunResult = await monthly_report(profile, "2026-10")

    assert Bundle(first.folder).snapshot() is None
    assert later.status is RunStatus.NOTHING_TO_SEND
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES
    assert verify(Bundle(first.folder)).problems == ()
    assert "not all expired data was removed" not in admins.text()


async def test_a_month_whose_bundle_was_purged_is_built_as_its_next_revision(
    write_archive: WriteProfile, mail: Mail
) -> None:
    profile = write_archive("keep_months = 12")
    first: RunResult = await monthly_report(profile)

    with clock.rehearse(A_YEAR_LATER):
        await monthly_report(profile, "2026-10", return_state=True)
        last: RunResult = await monthly_report(profile, "2026-10")

    assert Bundle(first.folder).is_removed
    # The new bundle's responses are new, so it is kept for another year.
    assert last.folder.name == "r2"
    assert not Bundle(last.folder).is_removed
    assert last.damage == ()
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES


async def test_a_failed_purge_notifies_the_admins_and_does_not_fail_the_run(
    write_archive: WriteProfile, admins: Webhook, tmp_path: Path
) -> None:
    broken = tmp_path / "reports/acme/2025-01/r1/manifest.json"
    broken.parent.mkdir(parents=True)
    broken.write_text("{", encoding="utf-8")

    result: RunResult = await monthly_report(write_archive("keep_personal_data_months = 12"))

    assert result.status is RunStatus.SENT
    assert len(admins.payloads) == 2
    assert "not all expired data was removed" in admins.text()
    assert "Revision 1 of 2025-01 could not be purged" in admins.text()


async def test_a_damaged_bundle_of_the_month_is_reported_and_the_run_continues(
    write_archive: WriteProfile,
    sandbox: RunningSandbox,
    admins: Webhook,
    capsys: pytest.CaptureFixture[str],
) -> None:
    profile = write_archive()
    first: RunResult = await monthly_report(profile)
    path = Path(str(first.folder)) / "report.json"
    path.write_bytes(path.read_bytes().replace(b"412", b"413").replace(b"a", b"b", 1))

    second: RunResult = await monthly_report(profile)

    assert second.folder.name == "r2"
    (sentence,) = second.damage
    assert "report.json was changed: its SHA-256 differs from the manifest" in sentence
    assert "Restore it from a backup, or move it out of the archive." in sentence
    assert "report.json was changed" in admins.text()
    assert await asyncio.to_thread(status, ["history", "--profile", profile]) == 0
    output = capsys.readouterr().out
    assert "r1 damaged, r2" in output
    assert sentence in output
