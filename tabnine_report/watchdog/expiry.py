"""Find a token or a license that ends soon, as far as the profile and the archive know; makes no request."""

from collections.abc import Iterator
from datetime import date, datetime

from tabnine_report.archive import Archive
from tabnine_report.model.errors import ArchiveError
from tabnine_report.watchdog.problem import Problem, ProblemKind
from tabnine_report.watchdog.watched_profile import WatchedProfile

TOKEN_CHECK, LICENSE_CHECK = "token", "license"


def token_problems(watched: WatchedProfile, now: datetime) -> Iterator[Problem]:
    """Yield the token if it expires within `admins.warn_days`, or has expired."""
    if watched.token_expires is None:
        return
    days = (watched.token_expires - watched.today(now)).days
    if days <= watched.admins.warn_days:
        translate, expires = watched.language.translate, watched.language.date(watched.token_expires)
        reason = translate("watch.token_expires" if days >= 0 else "watch.token_expired", date=expires)
        yield Problem(ProblemKind.TOKEN_ENDS, TOKEN_CHECK, reason, translate("watch.renew_token"))


def license_problems(watched: WatchedProfile, ends: date, now: datetime) -> Iterator[Problem]:
    """Yield the license if it ends within `admins.warn_days`.

    Args:
        watched: The profile.
        ends: The day on which it ends, today or later. Of an earlier day, it is not known whether the license was
            renewed.
        now: The current time.
    """
    if (ends - watched.today(now)).days <= watched.admins.warn_days:
        translate, day = watched.language.translate, watched.language.date(ends)
        yield Problem(
            ProblemKind.LICENSE_ENDS, LICENSE_CHECK, translate("watch.license_ends", date=day), translate("watch.renew")
        )


def license_end(archive: Archive, organization: str) -> date | None:
    """Return the day on which the license ends, from the newest report that can be read; None if it is not known.

    Raises:
        ArchiveError: If the archive cannot be read.
    """
    revisions = archive.list_revisions(organization)
    if not revisions:
        return None
    month, revision = revisions[-1]
    try:
        facts = archive.bundle(organization, month, revision).report().seats.license
    except ArchiveError:
        return None
    return next((fact.day for fact in facts if fact.key == "expires"), None)
