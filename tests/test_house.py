"""The house rules that no tool holds: pins, the Makefile's help, paths, versions and docstrings."""

import ast
import importlib.metadata
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tabnine_report.render.pdf.fonts import FONT_PACKAGES

ROOT = Path(__file__).parent.parent

# Where people and machines keep a checkout. What follows a host, a folder or a variable is no such path.
MACHINE_PATH = re.compile(r"(?<![\w./:})*-])/(?:home|Users|root|work)/\w")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("this is a copy without its history, so nothing says which files belong to it")
    # The checkout may belong to somebody else than who runs the tests, in a container for example.
    listed = run("git", "-c", "safe.directory=*", "ls-files", "-z").split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def run(program: str, *arguments: str) -> str:
    found = shutil.which(program)
    assert found, f"{program} is not installed"
    return subprocess.run([found, *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def test_every_dependency_is_pinned_to_a_version_that_pyproject_allows(project: dict[str, Any]) -> None:
    wanted = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    pinned = pins()

    unmet = [
        line
        for line in wanted
        if (name := canonicalize_name((dependency := Requirement(line)).name)) not in pinned
        or not dependency.specifier.contains(pinned[name])
    ]

    assert unmet == []


def test_constraints_are_names_and_versions_and_nothing_else_so_they_name_no_host() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


def test_make_alone_lists_every_target_once() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)

    listed = re.findall(r"^make ([a-z-]+) +\S", run("make", "--no-print-directory"), flags=re.MULTILINE)

    assert targets == listed


def test_every_target_is_phony_so_that_a_folder_of_its_name_cannot_stop_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)

    assert phony is not None
    assert re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE) == phony[1].split()


@pytest.mark.parametrize("name", [".ci/run", "scripts/set-up"])
def test_what_people_and_ci_start_is_executable_in_git(name: str, tracked: list[Path]) -> None:
    assert ROOT / name in tracked
    assert run("git", "-c", "safe.directory=*", "ls-files", "--stage", name).startswith("100755 ")


def test_no_file_knows_where_anybody_keeps_their_files(tracked: list[Path]) -> None:
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
def test_an_address_and_a_relative_path_are_not_taken_for_a_path_of_a_machine(line: str) -> None:
    assert not MACHINE_PATH.search(line.format("home"))


def test_the_installed_version_is_the_one_in_pyproject(project: dict[str, Any]) -> None:
    assert project["version"] == importlib.metadata.version(project["name"])


@pytest.fixture(scope="module")
def modules(tracked: list[Path]) -> list[Path]:
    ours = {"cli", "flows", "tabnine_report", "tasks"}
    found = [path for path in tracked if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ours]
    assert found
    return found


def test_every_module_says_what_it_is(modules: list[Path]) -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert silent == []


def test_every_exception_from_a_lint_rule_says_why(modules: list[Path]) -> None:
    unexplained = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "# noqa" in line and not re.search(r"# noqa: [A-Z0-9, ]+ - \S", line)
    ]

    assert unexplained == []


def test_what_the_code_imports_is_declared_and_what_is_declared_is_imported(
    project: dict[str, Any], modules: list[Path]
) -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    distributions = importlib.metadata.packages_distributions()
    imported = {
        canonicalize_name(distribution)
        for path in modules
        for package in imported_packages(ast.parse(path.read_text(encoding="utf-8")))
        for distribution in distributions.get(package, [])
    } - {project["name"]}
    fonts = {canonicalize_name(package) for package in FONT_PACKAGES}

    assert imported | fonts == declared


def imported_packages(module: ast.Module) -> set[str]:
    nodes = list(ast.walk(module))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.partition(".")[0] for name in names}


def test_the_package_holds_every_kind_of_file_that_it_reads(tracked: list[Path]) -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {"templates", "profiles"}
    kinds = {f"*{path.suffix}" for path in tracked if path.relative_to(ROOT).parts[0] in folders}

    assert set(pyproject["tool"]["setuptools"]["package-data"]["*"]) == kinds
