"""The registry of endpoints, and the words that each endpoint needs in the catalog."""

from zoneinfo import ZoneInfo

import pytest

from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints import (
    AS_OF_ENDPOINTS,
    ORGANIZATION_ENDPOINTS,
    TEAM_ENDPOINTS,
    Endpoint,
    queries,
    team_queries,
)

OCTOBER = Month(2026, 10)


def test_names_and_paths_are_unique() -> None:
    assert len({endpoint.path for endpoint in Endpoint}) == len(Endpoint) == len(Endpoint.__members__)


@pytest.mark.parametrize("endpoint", Endpoint)
def test_endpoint_is_a_string_with_its_name(endpoint: Endpoint) -> None:
    assert str(endpoint) == endpoint.spec.name


def test_every_endpoint_is_queried_for_the_organization_or_per_team() -> None:
    assert sorted((*ORGANIZATION_ENDPOINTS, *TEAM_ENDPOINTS)) == sorted(Endpoint)
    assert {endpoint for endpoint in AS_OF_ENDPOINTS if endpoint in TEAM_ENDPOINTS} == {
        Endpoint.TEAM_ACCOUNT_UTILIZATIONS
    }


@pytest.mark.parametrize("endpoint", Endpoint)
def test_names_of_queries_are_unique(endpoint: Endpoint) -> None:
    if endpoint in TEAM_ENDPOINTS:
        sent = team_queries(endpoint, OCTOBER, "org-1", ("a", "b"))
        assert [query.name for query in sent] == ["a", "b"]
    else:
        sent = queries(endpoint, OCTOBER, "org-1", "counts")
    assert len({query.name for query in sent}) == len(sent) > 0


@pytest.mark.parametrize("endpoint", Endpoint)
def test_catalog_has_the_words_of_every_endpoint(endpoint: Endpoint) -> None:
    english = Language("en", ZoneInfo("UTC"))

    assert english.translate(f"endpoint.{endpoint}")
    if endpoint.spec.not_offered:
        assert english.translate(f"endpoint_not_offered.{endpoint}", status="404")
