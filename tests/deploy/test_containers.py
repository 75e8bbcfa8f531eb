"""The image contains the program only, and the containers use versions and settings that exist."""

import fnmatch
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from prefect.settings import Settings
from prefect.settings.legacy import _get_valid_setting_names

from cli.main import app

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = dict(
    line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line
)

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def copied() -> list[str]:
    """Return what the image is built from."""
    return [source for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE) for source in line.split()]


def test_the_image_is_built_from_the_packages_and_no_profile_of_an_organization() -> None:
    assert [source for source in copied() if not (ROOT / source).exists()] == []
    packages = {pattern.rstrip("*") for pattern in packaged()}
    folders = {source for source in copied() if (ROOT / source).is_dir()}
    assert folders == packages - {"profiles"}
    assert [source for source in copied() if source.startswith("profiles")] == [
        "profiles/demo.toml",
        "profiles/example.toml",
    ]


def packaged() -> list[str]:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns: list[str] = pyproject["tool"]["setuptools"]["packages"]["find"]["include"]
    return patterns


def test_the_build_sees_only_what_is_copied() -> None:
    lines = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert [rule.removeprefix("!") for rule in rules if rule.startswith("!")] == copied()


def test_the_image_installs_the_pinned_versions_of_all_dependencies_with_their_hashes() -> None:
    assert "pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt" in DOCKERFILE
    extras = re.findall(r"--extra (\w+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert set(extras) == {"postgresql", "s3", "server"}
    entries = re.split(r"\n(?=\S)", (ROOT / "deploy" / "requirements.txt").read_text(encoding="utf-8"))
    installed = dict(entry.split()[0].split("==") for entry in entries)

    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []
    needed = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    names = {canonicalize_name(Requirement(line).name) for line in needed}
    assert names - {canonicalize_name(name) for name in installed} == set()
    pins = {canonicalize_name(name): version for name, version in PINS.items()}
    assert {name: version for name, version in installed.items() if pins[canonicalize_name(name)] != version} == {}


def test_the_image_has_a_supported_python_and_no_root() -> None:
    (python,) = re.findall(r"^FROM python:([\d.]+)-slim-\w+$", DOCKERFILE, re.MULTILINE)
    assert python in SpecifierSet(PROJECT["requires-python"])
    (user,) = re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)
    assert int(user) > 0
    assert DOCKERFILE.index("USER") < DOCKERFILE.index("CMD")


@every_service
def test_every_image_has_a_version(service: dict[str, Any]) -> None:
    name, _, version = service["image"].partition(":")
    assert re.match(r"\d+\.\d+", version)
    if name == PROJECT["name"]:
        assert version == PROJECT["version"]


def test_the_versions_of_prefect_are_the_pinned_one() -> None:
    prefect_yaml = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    assert prefect_yaml["prefect-version"] == PINS["prefect"]
    assert re.findall(r"prefect[:=]", DOCKERFILE + COMPOSE) == []


@every_service
def test_every_service_that_runs_on_is_checked_and_started_again(service: dict[str, Any]) -> None:
    if service["restart"] == "no":
        assert service["command"] == ["tabnine-report", "deploy"]
        return
    assert service["restart"] == "unless-stopped"
    if service is not SERVICES["watchdog"]:
        assert service["healthcheck"]["test"][0] == "CMD"


def test_the_watchdog_has_what_the_worker_has_and_waits_for_no_other_service() -> None:
    watchdog, worker = SERVICES["watchdog"], SERVICES["worker"]
    assert watchdog["command"] == ["tabnine-report", "watch", "--every", "10"]
    assert [watchdog[key] == worker[key] for key in ("environment", "env_file", "volumes")] == [True] * 3
    assert "depends_on" not in watchdog


@every_service
def test_every_command_exists(service: dict[str, Any]) -> None:
    match service.get("command"):
        case ["tabnine-report", command, *_]:
            assert command in list(app)
        case command:
            assert command is None or command[0] == "prefect"


def test_every_setting_of_prefect_exists() -> None:
    used = set(re.findall(r"PREFECT_\w+", COMPOSE + DOCKERFILE))
    known = _get_valid_setting_names(Settings)
    assert len(used) > 8
    # The last one is a setting of prefect-redis.
    assert used - known == {"PREFECT_REDIS_MESSAGING_HOST"}


def test_every_other_variable_is_documented() -> None:
    documents = "".join(
        (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("configuration.md", "operations.md")
    )
    interpolated = set(re.findall(r"\$\{(\w+)", COMPOSE))
    set_ = {name for service in SERVICES.values() for name in service.get("environment", {})}
    ours = {name for name in interpolated | set_ if not fnmatch.fnmatch(name, "PREFECT_*")}
    # Settings of the image of PostgreSQL.
    ours -= {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"}
    assert ours == {"DATABASE_PASSWORD", "LEDGER_PASSWORD", "PROFILES"}
    assert [name for name in sorted(ours) if f"`{name}`" not in documents and f"{name}=" not in documents] == []


def test_no_password_has_a_default_and_no_port_is_open_to_others() -> None:
    assert "${DATABASE_PASSWORD:?" in COMPOSE
    assert re.findall(r"PASSWORD:?-", COMPOSE) == []
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
