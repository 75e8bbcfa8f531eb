"""Files on a container's own layer, and all files in Kubernetes, count as ephemeral."""

from pathlib import Path

import pytest

from tabnine_report.profile.ephemeral_storage import ephemeral_storage_sign

MOUNTS = "overlay / overlay rw 0 0\n/dev/vda /srv/re\\040ports ext4 rw 0 0\n"
ON_THE_LAYER, ON_A_VOLUME = Path("/srv/ledger.db"), Path("/srv/re ports/ledger.db")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "mounts").write_text(MOUNTS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", [".dockerenv", "run/.containerenv"])
def test_files_on_the_container_layer_are_ephemeral_in_docker_and_podman(root: Path, name: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).touch()

    assert ephemeral_storage_sign(ON_THE_LAYER, {}, root) == f"/{name}"
    assert ephemeral_storage_sign(ON_A_VOLUME, {}, root) == ""


def test_every_file_is_ephemeral_in_kubernetes(root: Path) -> None:
    assert (
        ephemeral_storage_sign(ON_A_VOLUME, {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, root) == "KUBERNETES_SERVICE_HOST"
    )


def test_no_file_is_ephemeral_outside_of_containers(root: Path) -> None:
    assert ephemeral_storage_sign(ON_THE_LAYER, {"HOME": "/"}, root) == ""


def test_without_a_list_of_mounts_no_file_is_ephemeral(tmp_path: Path) -> None:
    (tmp_path / ".dockerenv").touch()

    assert ephemeral_storage_sign(ON_THE_LAYER, {}, tmp_path) == ""
