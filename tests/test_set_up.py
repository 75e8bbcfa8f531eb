"""`scripts/set-up` works on different machines.

Fakes replace the programs that the script calls, and log their arguments. The script's own Python code really runs.
"""

import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

SET_UP = Path(__file__).parent.parent / "scripts" / "set-up"

EVERY_LIBRARY = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")

# A fake Python that copies itself into the environment. Everything except venv and pip really runs, with fake modules.
PYTHON = """#!/bin/sh
case "$*" in
    "-c import sys"*) [ -z "${PYTHON_IS_OLD:-}" ] && exec "$REAL_PYTHON" "$@" ;;
    "-m venv"*) echo "$*" >>"$MACHINE/log" && mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
    "-m pip --version") ;;
    "-m pip install"*) echo "$*" >>"$MACHINE/log" && exit "${PIP_STATUS:-0}" ;;
    *) PYTHONPATH="$MACHINE/modules" exec "$REAL_PYTHON" "$@" ;;
esac
"""

# Depending on APT_LISTS, it installs at once, only after an update, or never.
APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$MACHINE/log"
case "$*" in
    *update*) touch "$MACHINE/updated" ;;
    *install*) for program in ${APT_ADDS:-}; do cp "$0" "$MACHINE/programs/$program"; done
        [ "${APT_LISTS:-new}" = new ] || { [ "$APT_LISTS" = old ] && [ -e "$MACHINE/updated" ]; } ;;
esac
"""

SUDO = """#!/bin/sh
echo "sudo $*" >>"$MACHINE/log"
shift
[ -n "${SUDO_WORKS:-}" ] && exec "$@"
"""

CTYPES = """
import os


def CDLL(name):
    if name not in os.environ["LIBRARIES"].split():
        raise OSError(name)
"""

WEASYPRINT = """
import os

found = os.environ["WEASYPRINT_FINDS"].split()
if "pango" not in found:
    raise OSError("pango")
harfbuzz_subset = "a library" if "harfbuzz-subset" in found else None
"""


class Machine:
    """A folder as the machine: the search path has only the fakes and basic system programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "programs"
        self.programs.mkdir()
        (folder / "modules" / "weasyprint" / "text").mkdir(parents=True)
        for name in ("cp", "env", "mkdir", "sh", "touch", "true"):
            program = shutil.which(name)
            assert program
            (self.programs / name).symlink_to(program)
        self.write("modules/ctypes.py", CTYPES)
        self.write("modules/weasyprint/__init__.py", "")
        self.write("modules/weasyprint/text/__init__.py", "")
        self.write("modules/weasyprint/text/ffi.py", WEASYPRINT)
        self.write("programs/python3", PYTHON)
        self.write("programs/id", '#!/bin/sh\necho "$USER_ID"\n')
        self.write("programs/apt-get", APT_GET)
        self.write("programs/sudo", SUDO)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def remove(self, program: str) -> None:
        (self.programs / program).unlink()

    def set_up(
        self,
        *programs: str,
        libraries: tuple[str, ...] = EVERY_LIBRARY,
        user_id: int = 0,
        **settings: str,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SET_UP, ".venv", ".[dev]", *programs],
            cwd=self.folder,
            env={
                "PATH": str(self.programs),
                "MACHINE": str(self.folder),
                "REAL_PYTHON": sys.executable,
                "LIBRARIES": " ".join(libraries),
                "USER_ID": str(user_id),
                "WEASYPRINT_FINDS": "pango harfbuzz-subset",
                **settings,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def log(self, program: str) -> list[str]:
        """Return the calls of a program, without their options."""
        path = self.folder / "log"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [re.sub(r" (-o \S+|-\S+)", "", line) for line in lines if line.startswith(program)]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_nothing_is_installed_on_a_machine_that_has_the_libraries(machine: Machine) -> None:
    result = machine.set_up(user_id=1000)

    assert result.returncode == 0, result.stderr
    assert machine.log("apt-get") == []


def test_pip_installs_the_pinned_versions_from_its_own_index(machine: Machine) -> None:
    machine.set_up()

    (line,) = (machine.folder / "log").read_text(encoding="utf-8").splitlines()[1:]
    assert line == "-m pip install -qq --disable-pip-version-check -c constraints.txt -e .[dev]"


def test_a_working_environment_is_kept(machine: Machine) -> None:
    machine.set_up()
    machine.set_up()

    assert len(machine.log("-m venv")) == 1
    assert len(machine.log("-m pip")) == 2


def test_a_broken_environment_is_created_again(machine: Machine) -> None:
    machine.set_up()
    machine.write(".venv/bin/python", "#!/bin/sh\nexit 1\n")

    result = machine.set_up()

    assert result.returncode == 0, result.stderr
    assert len(machine.log("-m venv")) == 2


def test_root_installs_only_the_missing_packages(machine: Machine) -> None:
    result = machine.set_up(libraries=("libpango-1.0.so.0", "libharfbuzz-subset.so.0"))

    assert result.returncode == 0, result.stderr
    assert machine.log("apt-get") == ["apt-get install libpangoft2-1.0-0"]


def test_outdated_package_lists_are_updated_before_a_second_attempt(machine: Machine) -> None:
    result = machine.set_up(libraries=EVERY_LIBRARY[:2], APT_LISTS="old")

    assert result.returncode == 0, result.stderr
    install = "apt-get install libharfbuzz-subset0"
    assert [install, "apt-get update", install] == machine.log("apt-get")


def test_a_user_with_sudo_without_a_password_installs_the_missing_packages(machine: Machine) -> None:
    result = machine.set_up(libraries=EVERY_LIBRARY[:2], user_id=1000, SUDO_WORKS="yes")

    assert result.returncode == 0, result.stderr
    assert len(machine.log("sudo")) == 2  # the check, and the installation
    assert machine.log("apt-get") == ["apt-get install libharfbuzz-subset0"]


def test_a_user_without_sudo_sees_the_command_to_run(machine: Machine) -> None:
    result = machine.set_up(libraries=("libpangoft2-1.0.so.0",), user_id=1000)

    assert result.returncode == 1
    assert result.stderr == (
        "System packages are missing. Install them, then run the same make command again:\n"
        "    sudo apt-get install libpango-1.0-0 libharfbuzz-subset0\n"
    )
    assert machine.log("apt-get") == machine.log("-m") == []


def test_python_without_ensurepip_needs_its_venv_package(machine: Machine) -> None:
    machine.write("modules/ensurepip.py", "raise ImportError")

    machine.set_up()

    assert machine.log("apt-get") == ["apt-get install python3-venv"]


def test_without_python_the_command_lists_all_packages(machine: Machine) -> None:
    machine.remove("python3")

    result = machine.set_up(user_id=1000)

    assert result.returncode == 1
    packages = "python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    assert f"    sudo apt-get install {packages}\n" in result.stderr


def test_an_old_python_is_rejected_before_an_environment_is_created(machine: Machine) -> None:
    result = machine.set_up(PYTHON_IS_OLD="1")

    assert result.returncode == 1
    assert result.stderr == (
        "'python3' is older than Python 3.11. Install a later version and select it, for example:\n"
        "    make PYTHON=python3.12 demo\n"
    )
    assert not (machine.folder / ".venv").exists()


def test_an_error_of_apt_lists_the_packages(machine: Machine) -> None:
    result = machine.set_up(libraries=EVERY_LIBRARY[:2], APT_LISTS="unreachable")

    assert result.returncode == 1
    assert "apt-get could not install these system packages: libharfbuzz-subset0" in result.stderr.splitlines()[-1]


def test_nothing_is_installed_without_apt_if_weasyprint_finds_its_libraries(machine: Machine) -> None:
    machine.remove("apt-get")

    result = machine.set_up(libraries=())

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("found", ["", "pango"])
def test_without_apt_the_error_explains_how_to_install_the_missing_libraries(machine: Machine, found: str) -> None:
    machine.remove("apt-get")

    result = machine.set_up(libraries=(), WEASYPRINT_FINDS=found)

    assert result.returncode == 1
    assert result.stderr.endswith(
        "Install the libraries, then run the same make command again. On macOS or Fedora:\n"
        "    brew install pango\n"
        "    dnf install pango harfbuzz\n"
    )


def test_a_program_that_is_missing_is_installed_with_its_package(machine: Machine) -> None:
    result = machine.set_up("sudo:sudo", "redis-server:redis", APT_ADDS="redis-server")

    assert result.returncode == 0, result.stderr
    assert machine.log("apt-get") == ["apt-get install redis"]


@pytest.mark.parametrize("removed", ["apt-get", "sudo"])
def test_a_program_that_is_still_missing_is_reported(machine: Machine, removed: str) -> None:
    machine.remove(removed)

    result = machine.set_up("chromium:chromium")

    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last == "Programs are missing. Install them, then run the same make command again: chromium"


def test_an_error_of_pip_fails_the_set_up(machine: Machine) -> None:
    result = machine.set_up(PIP_STATUS="1")

    assert result.returncode == 1
    assert "pip could not install the packages." in result.stderr
