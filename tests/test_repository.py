"""Rules of the repository that no other tool checks: pins, make targets, paths, versions and docstrings."""

import ast
import importlib
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from flows.watching.dead_runs import HEARTBEAT_SECONDS
from tabnine_report.render.pdf.fonts import FONT_PACKAGES

ROOT = Path(__file__).parent.parent

# Common locations of a checkout. After a host, a folder or a variable, the same text is not such a path.
MACHINE_PATH = re.compile(r"(?<![\w./:})*-])/(?:home|Users|root|work)/\w")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("this copy has no Git history, so the list of its files is unknown")
    # The owner of the checkout may not be the user who runs the tests, for example in a container.
    names = run("git", "-c", "safe.directory=*", "ls-files", "-z").split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def run(program: str, *arguments: str) -> str:
    path = shutil.which(program)
    assert path, f"{program} is not installed"
    return subprocess.run([path, *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.mark.usefixtures("tracked")
def test_git_ignores_the_reports_of_a_profile_in_the_project() -> None:
    """The default of archive.location is a folder beside the profile."""
    report = "profiles/reports/acme/2026-10/r1/restricted/people.csv"
    assert run("git", "-c", "safe.directory=*", "check-ignore", report).strip() == report


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def test_every_dependency_is_pinned_to_an_allowed_version(project: dict[str, Any]) -> None:
    requirements = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    pinned = pins()

    unmet = [
        line
        for line in requirements
        if (name := canonicalize_name((dependency := Requirement(line)).name)) not in pinned
        or not dependency.specifier.contains(pinned[name])
    ]

    assert unmet == []


def test_constraints_contain_only_names_and_versions() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


def test_make_without_a_target_lists_every_target_once() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)

    listed = re.findall(r"^make ([a-z-]+) +\S", run("make", "--no-print-directory"), flags=re.MULTILINE)

    assert targets == listed


def commands(target: str) -> list[str]:
    """Return the commands of a target whose environment is up to date."""
    variables = ["ENVIRONMENT_INPUTS=", f"VENV={ROOT / 'no-environment'}"]
    lines = run("make", "--dry-run", "--no-print-directory", *variables, target).splitlines()
    return [line for line in lines if not re.search("set-up|touch", line)]


def test_make_check_runs_make_lint_and_the_tests_once() -> None:
    assert commands("check") == [*commands("lint"), *commands("coverage")]
    assert sum("pytest" in command for command in commands("check")) == 1


def test_the_commit_hook_runs_make_lint() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")

    assert re.findall(r"^ +entry: (.+)$", hooks, flags=re.MULTILINE) == ["make lint"]


def test_the_deployments_of_the_user_s_file_exist_and_have_no_schedule() -> None:
    """A schedule that is shipped would fail every month on a machine that does not run the demo."""
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]

    assert [name for name in deployments if "schedules" in name or "schedule" in name] == []
    for module, _, function in (each["entrypoint"].rpartition(".") for each in deployments):
        assert callable(getattr(importlib.import_module(module), function))
    for environment in (each["work_pool"]["job_variables"]["env"] for each in deployments):
        assert environment["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] == str(HEARTBEAT_SECONDS)


def test_every_target_is_phony() -> None:
    """A file or folder with the name of a target must not prevent it."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)

    assert phony is not None
    assert re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE) == phony[1].split()


@pytest.mark.parametrize("name", [".ci/run", "scripts/set-up", "scripts/try-wheel"])
def test_scripts_are_executable_in_git(name: str, tracked: list[Path]) -> None:
    assert ROOT / name in tracked
    assert run("git", "-c", "safe.directory=*", "ls-files", "--stage", name).startswith("100755 ")


def test_no_file_contains_a_path_of_a_machine(tracked: list[Path]) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]

    assert found == []


@pytest.mark.parametrize("line", ["/{}/ann/x", "see /{}/ann", 'open("/{}/ann/x")', "PATH=/{}/ann", "cd /{}/ann/x"])
@pytest.mark.parametrize("folder", ["home", "Users", "root", "work"])
def test_a_path_of_a_machine_is_recognized(line: str, folder: str) -> None:
    assert MACHINE_PATH.search(line.format(folder))


@pytest.mark.parametrize(
    "line", ["https://x.example/{}/ann", "../{}/ann", "$BASE/{}/ann", "the {}/ folder", "/{} only"]
)
def test_a_url_or_a_relative_path_is_not_a_path_of_a_machine(line: str) -> None:
    assert not MACHINE_PATH.search(line.format("home"))


def test_the_installed_version_matches_pyproject(project: dict[str, Any]) -> None:
    assert project["version"] == importlib.metadata.version(project["name"])


@pytest.fixture(scope="module")
def modules(tracked: list[Path]) -> list[Path]:
    packages = {"cli", "flows", "tabnine_report", "tasks"}
    found = [path for path in tracked if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in packages]
    assert found
    return found


def test_every_module_has_a_docstring(modules: list[Path]) -> None:
    without_docstring = [
        str(path.relative_to(ROOT))
        for path in modules
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert without_docstring == []


def test_every_lint_exception_has_a_reason(modules: list[Path]) -> None:
    unexplained = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "# noqa" in line and not re.search(r"# noqa: [A-Z0-9, ]+ - \S", line)
    ]

    assert unexplained == []


def test_the_imported_and_the_declared_dependencies_are_the_same(project: dict[str, Any], modules: list[Path]) -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    distributions = importlib.metadata.packages_distributions()
    imported = {
        canonicalize_name(distribution)
        for path in modules
        for package in imported_packages(ast.parse(path.read_text(encoding="utf-8")))
        for distribution in distributions.get(package, [])
    } - {project["name"]}
    fonts = {canonicalize_name(package) for package in FONT_PACKAGES}
    # The only extra that the code imports by name: the module that does so is loaded with a ledger in PostgreSQL only.
    extra = {canonicalize_name(Requirement(line).name) for line in project["optional-dependencies"]["postgresql"]}

    assert (imported - extra) | fonts == declared


def imported_packages(module: ast.Module) -> set[str]:
    nodes = list(ast.walk(module))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.partition(".")[0] for name in names}


def test_the_wheel_contains_the_tracked_files_and_no_profile_of_an_organization(
    tracked: list[Path], tmp_path: Path
) -> None:
    if Version(importlib.metadata.version("setuptools")) < Version("77"):
        pytest.skip("this environment was created before setuptools 77 became a requirement")
    packages = {"cli", "flows", "profiles", "tabnine_report", "tasks", "templates"}
    in_packages = {path.relative_to(ROOT) for path in tracked if path.relative_to(ROOT).parts[0] in packages}
    source = tmp_path / "source"
    for path in [*in_packages, *(Path(name) for name in ("pyproject.toml", "README.md", "LICENSE"))]:
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, source / path)
    for secret in ("profiles/acme.toml", "profiles/notes/2026-10.md", "profiles/acme/globex.toml"):
        (source / secret).parent.mkdir(exist_ok=True)
        (source / secret).write_text('recipients = ["cto@acme.example"]', encoding="utf-8")

    build = "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=source, check=True, capture_output=True)

    (wheel,) = tmp_path.glob("*.whl")
    packed = {Path(name) for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == in_packages
