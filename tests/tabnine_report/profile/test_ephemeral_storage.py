"""A file is taken for lost with its container where the container's own layer, or Kubernetes, says so."""

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
def test_docker_and_podman_leave_a_file_and_lose_what_is_on_their_own_layer(root: Path, name: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).touch()

    assert ephemeral_storage_sign(ON_THE_LAYER, {}, root) == f"/{name}"
    assert ephemeral_storage_sign(ON_A_VOLUME, {}, root) == ""


def test_in_kubernetes_every_place_is_doubtful(root: Path) -> None:
    assert (
        ephemeral_storage_sign(ON_A_VOLUME, {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, root) == "KUBERNETES_SERVICE_HOST"
    )


def test_any_other_machine_loses_nothing(root: Path) -> None:
    assert ephemeral_storage_sign(ON_THE_LAYER, {"HOME": "/"}, root) == ""


def test_a_machine_that_tells_no_mounts_is_believed(tmp_path: Path) -> None:
    (tmp_path / ".dockerenv").touch()

    assert ephemeral_storage_sign(ON_THE_LAYER, {}, tmp_path) == ""
