"""The names of the endpoints, which faults and the documentation use, follow from the routes."""

import pytest

from tabnine_report.sandbox.endpoints import ENDPOINTS, endpoint_of


@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_name_is_the_path_after_the_prefix(name: str) -> None:
    path = f"/api/{name}" if name.startswith("v2/") else f"/api/v1/{name}"

    assert endpoint_of(path.replace("{teamId}", "42")) == name


@pytest.mark.parametrize(
    "path",
    ["/docs", "/openapi.json", "/api/v1/nothing", "/api/v2/license", "/api/v1/license/terms", "/api/v1/team/a/b/users"],
)
def test_other_paths_are_no_endpoints(path: str) -> None:
    assert endpoint_of(path) is None
