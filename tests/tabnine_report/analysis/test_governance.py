"""Tests of the governance section; an unknown setting never counts as off."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from small_organization import Build, Organization

from tabnine_report.analysis.governance_title import governance_title
from tabnine_report.model.governance import Governance, Requirement, RequirementStatus
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints import Endpoint

MET, NOT_MET, NOT_KNOWN = RequirementStatus.MET, RequirementStatus.NOT_MET, RequirementStatus.NOT_KNOWN
LATE = timedelta(days=40)
SETTINGS = ("samlEnabled", "oauthEnabled", "usernamePasswordEnabled", "smtpConfigured")


def governance(organization: Organization, build: Build) -> Governance:
    section = build(organization).governance
    assert section is not None
    return section


def requirement(section: Governance, key: str) -> Requirement:
    return next(one for one in (*section.sign_in, *section.accounts) if one.key == key)


def settings(*told: bool | None) -> dict[str, bool]:
    """Set the settings for SAML, OAuth and passwords; None leaves a setting out."""
    return {name: value for name, value in zip(SETTINGS, told, strict=False) if value is not None}


@pytest.mark.parametrize(
    ("told", "statuses"),
    [
        ((True, False, False), (MET, MET, MET)),
        ((True, False, True), (MET, MET, NOT_MET)),
        ((True, True, True), (MET, NOT_MET, NOT_MET)),
        ((False, True, False), (NOT_MET, MET, MET)),
        ((False, True, True), (NOT_MET, MET, NOT_MET)),
        # The only way in there is.
        ((False, False, True), (NOT_MET, MET, MET)),
        ((None, None, True), (NOT_KNOWN, NOT_KNOWN, NOT_KNOWN)),
        ((None, True, True), (NOT_KNOWN, NOT_KNOWN, NOT_MET)),
        ((None, False, True), (NOT_KNOWN, MET, NOT_KNOWN)),
        ((True, None, None), (MET, NOT_KNOWN, NOT_KNOWN)),
        ((None, None, None), (NOT_KNOWN, NOT_KNOWN, NOT_KNOWN)),
    ],
)
def test_a_sign_in_method_should_be_off_if_a_better_one_is_on(
    acme: Organization, build: Build, told: tuple[bool | None, ...], statuses: tuple[RequirementStatus, ...]
) -> None:
    acme.sign_in = settings(*told)
    section = governance(acme, build)

    assert tuple(requirement(section, key).status for key in ("saml", "oauth", "password")) == statuses


@pytest.mark.parametrize("told", [(True, False, None), (None, True, False), (False, None, True), (None, None, None)])
def test_a_missing_setting_is_not_known_rather_than_off(
    acme: Organization, build: Build, told: tuple[bool | None, ...]
) -> None:
    acme.sign_in = settings(*told)
    section = governance(acme, build)

    found = [requirement(section, key).actual for key in ("saml", "oauth", "password")]
    assert found == [{True: "on", False: "off", None: "not known"}[value] for value in told]
    for one in section.sign_in:
        assert (one.actual == "not known") == (one.as_of is None) == bool(one.note)


def test_a_setting_has_an_as_of_date(acme: Organization, build: Build) -> None:
    assert requirement(governance(acme, build), "saml").as_of == acme.now
    assert requirement(governance(acme, build), "smtp").note == "The API returned no smtpConfigured."


def test_late_settings_are_not_known(acme: Organization, build: Build) -> None:
    acme.sign_in = dict.fromkeys(SETTINGS, False)
    acme.late = {Endpoint.ORGANIZATION: LATE}
    section = governance(acme, build)

    assert {one.status for one in section.sign_in} == {NOT_KNOWN}
    assert section.sign_in[0].note == (
        "The API returns only the current sign-in settings. They were fetched on 12 December 2026, when November 2026 "
        "was already final."
    )


@pytest.mark.parametrize(("admins", "status"), [(0, NOT_MET), (1, NOT_MET), (2, MET), (10, MET), (11, NOT_MET)])
def test_admins_should_be_two_to_ten(acme: Organization, build: Build, admins: int, status: RequirementStatus) -> None:
    acme.admins = admins
    one = requirement(governance(acme, build), "admins")

    assert (one.actual, one.expected, one.status) == (str(admins), "2 to 10", status)


def test_an_admin_counts_once_and_not_for_another_organization(
    acme: Organization, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = [{"username": name, "organizationId": owner} for name, owner in (("a", "org-1"), ("a", "org-2"))]
    monkeypatch.setattr(acme, "admins", 1)
    snapshot = acme.snapshot()
    fetch = snapshot.fetches[Endpoint.PERMISSIONS]
    answer = fetch.responses[0].model_copy(update={"body": json.dumps([*body, *body]).encode()})
    fetches = {**snapshot.fetches, Endpoint.PERMISSIONS: fetch.model_copy(update={"responses": (answer,)})}
    monkeypatch.setattr(acme, "snapshot", lambda: snapshot.model_copy(update={"fetches": fetches}))

    assert requirement(governance(acme, build), "admins").actual == "1"


def test_counts_that_should_be_zero(acme: Organization, build: Build) -> None:
    acme.users = (46, 4, 3, 7)
    section = governance(acme, build)
    told = {one.key: (one.actual, one.status) for one in section.accounts}

    assert told["accounts_without_team"] == ("4", NOT_MET)
    assert told["deactivated_in_teams"] == ("3", NOT_MET)
    assert told["pending"] == ("2", NOT_MET)
    assert requirement(section, "pending").note == "counted at the end of October 2026"
    acme.users = (50, 0, 0, 7)
    assert requirement(governance(acme, build), "accounts_without_team").status is MET
    assert requirement(governance(acme, build), "deactivated_in_teams").status is MET


@pytest.mark.parametrize(
    ("endpoint", "keys"),
    [
        (Endpoint.PERMISSIONS, {"admins"}),
        (Endpoint.USERS, {"accounts_without_team", "deactivated_in_teams"}),
        (Endpoint.ACCOUNT_UTILIZATIONS, {"pending"}),
    ],
)
def test_a_failed_endpoint_makes_its_requirements_unknown(
    acme: Organization, build: Build, endpoint: Endpoint, keys: set[str]
) -> None:
    acme.failed[endpoint] = 500
    section = governance(acme, build)
    unknown = [one for one in section.accounts if one.status is NOT_KNOWN]

    assert {one.key for one in unknown} == keys
    assert all("could not be fetched" in one.note for one in unknown)


SAFE = {"samlEnabled": True, "oauthEnabled": False, "usernamePasswordEnabled": False, "smtpConfigured": True}
TIDY = (50, 0, 0, 7)


@pytest.mark.parametrize(
    ("sign_in", "users", "admins", "title"),
    [
        ({}, TIDY, 3, "All 8 requirements are met."),
        (
            {"usernamePasswordEnabled": True},
            TIDY,
            3,
            "Passwords still work beside SAML; the other 7 requirements are met.",
        ),
        (
            {"usernamePasswordEnabled": True},
            (46, 4, 67, 7),
            3,
            "Passwords still work beside SAML, and 67 deactivated accounts are still in teams.",
        ),
        (
            {"samlEnabled": False, "oauthEnabled": True, "usernamePasswordEnabled": True},
            TIDY,
            3,
            "Passwords still work beside OAuth, and SAML sign-in is off.",
        ),
        (
            {"oauthEnabled": True, "smtpConfigured": False},
            TIDY,
            3,
            "OAuth still works beside SAML, and no mail server sends the invitations.",
        ),
        ({}, (49, 1, 1, 7), 3, "1 deactivated account is still in a team, and 1 account is in no team."),
        ({}, TIDY, 0, "No account is an admin; the other 7 requirements are met."),
        ({}, TIDY, 1, "Only one account is an admin; the other 7 requirements are met."),
        ({}, TIDY, 14, "14 accounts are admins; the other 7 requirements are met."),
        ({"smtpConfigured": None}, TIDY, 3, "7 requirements are met; the status of 1 is not known."),
        ({"smtpConfigured": None}, TIDY, 1, "Only one account is an admin."),
    ],
)
def test_the_title_states_what_is_not_met(  # noqa: PLR0917 - a table of cases
    acme: Organization,
    build: Build,
    sign_in: dict[str, bool | None],
    users: tuple[int, int, int, int],
    admins: int,
    title: str,
) -> None:
    acme.sign_in = {name: value for name, value in (SAFE | sign_in).items() if value is not None}
    acme.users, acme.admins = users, admins
    for row in acme.accounts.values():
        row["pending"] = 0

    assert governance(acme, build).title == title


def test_the_title_names_every_requirement_that_alone_is_not_met(acme: Organization, build: Build) -> None:
    acme.admins = 14
    section = governance(acme, build)
    requirements = [one.model_copy(update={"status": MET}) for one in (*section.sign_in, *section.accounts)]
    assert len(requirements) == 8

    for at, one in enumerate(requirements):
        title = governance_title(
            [*requirements[:at], one.model_copy(update={"status": NOT_MET}), *requirements[at + 1 :]],
            Language("en", ZoneInfo("UTC")),
        )
        assert title.endswith("; the other 7 requirements are met."), one.key


def test_pending_invitations_are_in_the_title(acme: Organization, build: Build) -> None:
    acme.sign_in, acme.users = SAFE, TIDY

    assert governance(acme, build).title == "2 invitations are pending; the other 7 requirements are met."


def test_without_any_answer_no_check_is_known(acme: Organization, build: Build) -> None:
    acme.sign_in = {}
    acme.failed = dict.fromkeys((Endpoint.PERMISSIONS, Endpoint.USERS, Endpoint.ACCOUNT_UTILIZATIONS), 500)

    assert governance(acme, build).title == "The status of all 8 requirements is not known."


def test_only_requirements_that_are_not_met_have_advice(acme: Organization, build: Build) -> None:
    acme.admins, acme.users = 14, (46, 4, 3, 7)
    section = governance(acme, build)

    for one in (*section.sign_in, *section.accounts):
        assert bool(one.advice) is (one.status is NOT_MET)
    assert requirement(section, "admins").advice == "Remove the Admin role where it is not needed."
    acme.admins = 1
    assert requirement(governance(acme, build), "admins").advice == "Assign the Admin role to a second person."


def test_an_organization_without_teams_has_no_requirement_on_teams(acme: Organization, build: Build) -> None:
    acme.teams, acme.users = [], (0, 50, 0, 7)
    report = build(acme)

    assert report.governance is not None
    assert [one.key for one in report.governance.accounts] == ["admins", "pending"]
    assert "assign_teams" not in {action.rule for action in report.recommended_actions}
