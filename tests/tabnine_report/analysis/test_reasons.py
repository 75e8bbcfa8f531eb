"""A figure without data states whether its endpoint failed or is not offered."""

from zoneinfo import ZoneInfo

import pytest

from tabnine_report.analysis.reasons import without_data
from tabnine_report.model.errors import FeatureNotAvailable, ServerError
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.snapshot import Failure

ENGLISH = Language("en", ZoneInfo("UTC"))


def failure(error: type[Exception], status: int) -> Failure:
    return Failure(error=error.__name__, message="console.example did not answer.", status=status)


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in Endpoint if endpoint.spec.not_offered])
def test_an_endpoint_that_is_not_offered_did_not_fail(endpoint: Endpoint) -> None:
    not_offered = ENGLISH.translate(f"endpoint_not_offered.{endpoint}", status="404")

    assert without_data(endpoint, failure(FeatureNotAvailable, 404), ENGLISH) == not_offered


@pytest.mark.parametrize("endpoint", Endpoint)
def test_an_endpoint_that_failed_could_not_be_fetched(endpoint: Endpoint) -> None:
    assert without_data(endpoint, failure(ServerError, 500), ENGLISH).endswith(" could not be fetched.")
