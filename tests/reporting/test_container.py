from pathlib import Path

import pytest

from reporting.container import container_sign


@pytest.mark.parametrize("name", [".dockerenv", "run/.containerenv"])
def test_docker_and_podman_leave_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()

    assert container_sign({}, tmp_path) == f"/{name}"


def test_kubernetes_sets_a_variable(tmp_path: Path) -> None:
    assert container_sign({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, tmp_path) == "KUBERNETES_SERVICE_HOST"


def test_any_other_machine_shows_nothing(tmp_path: Path) -> None:
    assert container_sign({"HOME": "/"}, tmp_path) == ""
