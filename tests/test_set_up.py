"""What `scripts/set-up` does on machines that are not this one.

The programs that it calls are stand-ins, which write down how they were called; its own Python runs for real.
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

# A Python whose environment is a copy of itself; all but venv and pip runs for real, with the stand-in modules.
PYTHON = """#!/bin/sh
case "$*" in
    "-c import sys"*) [ -z "${PYTHON_IS_OLD:-}" ] && exec "$REAL_PYTHON" "$@" ;;
    "-m venv"*) echo "$*" >>"$MACHINE/log" && mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
    "-m pip --version") ;;
    "-m pip install"*) echo "$*" >>"$MACHINE/log" && exit "${PIP_STATUS:-0}" ;;
    *) PYTHONPATH="$MACHINE/modules" exec "$REAL_PYTHON" "$@" ;;
esac
"""

# It may have to be updated before it can install.
APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$MACHINE/log"
case "$*" in
    *update*) touch "$MACHINE/updated" ;;
    *install*) [ "${APT_LISTS:-new}" = new ] || { [ "$APT_LISTS" = old ] && [ -e "$MACHINE/updated" ]; } ;;
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
    """A folder with nothing on the search path but the stand-ins and what every system has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "programs"
        self.programs.mkdir()
        (folder / "modules" / "weasyprint" / "text").mkdir(parents=True)
        for name in ("cp", "env", "mkdir", "sh", "touch", "true"):
            found = shutil.which(name)
            assert found
            (self.programs / name).symlink_to(found)
        self.put("modules/ctypes.py", CTYPES)
        self.put("modules/weasyprint/__init__.py", "")
        self.put("modules/weasyprint/text/__init__.py", "")
        self.put("modules/weasyprint/text/ffi.py", WEASYPRINT)
        self.put("programs/python3", PYTHON)
        self.put("programs/id", '#!/bin/sh\necho "$USER_ID"\n')
        self.put("programs/apt-get", APT_GET)
        self.put("programs/sudo", SUDO)

    def put(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def remove(self, program: str) -> None:
        (self.programs / program).unlink()

    def set_up(
        self, *, libraries: tuple[str, ...] = EVERY_LIBRARY, user_id: int = 0, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SET_UP, ".venv", ".[dev]"],
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
        """How a program was called, without its options and their values."""
        path = self.folder / "log"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [re.sub(r" (-o \S+|-\S+)", "", line) for line in lines if line.startswith(program)]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_machine_that_has_the_libraries_is_asked_for_nothing(machine: Machine) -> None:
    done = machine.set_up(user_id=1000)

    assert done.returncode == 0, done.stderr
    assert machine.log("apt-get") == []


def test_pip_is_given_the_pins_and_no_index(machine: Machine) -> None:
    machine.set_up()

    (line,) = (machine.folder / "log").read_text(encoding="utf-8").splitlines()[1:]
    assert line == "-m pip install -qq --disable-pip-version-check -c constraints.txt -e .[dev]"


def test_an_environment_that_works_is_kept(machine: Machine) -> None:
    machine.set_up()
    machine.set_up()

    assert len(machine.log("-m venv")) == 1
    assert len(machine.log("-m pip")) == 2


def test_an_environment_that_no_longer_works_is_made_anew(machine: Machine) -> None:
    machine.set_up()
    machine.put(".venv/bin/python", "#!/bin/sh\nexit 1\n")

    done = machine.set_up()

    assert done.returncode == 0, done.stderr
    assert len(machine.log("-m venv")) == 2


def test_root_gets_exactly_what_is_missing_installed(machine: Machine) -> None:
    done = machine.set_up(libraries=("libpango-1.0.so.0", "libharfbuzz-subset.so.0"))

    assert done.returncode == 0, done.stderr
    assert machine.log("apt-get") == ["apt-get install libpangoft2-1.0-0"]


def test_old_package_lists_are_fetched_before_a_second_try(machine: Machine) -> None:
    done = machine.set_up(libraries=EVERY_LIBRARY[:2], APT_LISTS="old")

    assert done.returncode == 0, done.stderr
    install = "apt-get install libharfbuzz-subset0"
    assert [install, "apt-get update", install] == machine.log("apt-get")


def test_somebody_whom_sudo_asks_for_no_password_has_it_done_too(machine: Machine) -> None:
    done = machine.set_up(libraries=EVERY_LIBRARY[:2], user_id=1000, SUDO_WORKS="yes")

    assert done.returncode == 0, done.stderr
    assert len(machine.log("sudo")) == 2  # may it, and do it
    assert machine.log("apt-get") == ["apt-get install libharfbuzz-subset0"]


def test_somebody_without_sudo_is_told_in_one_sentence_what_to_type(machine: Machine) -> None:
    done = machine.set_up(libraries=("libpangoft2-1.0.so.0",), user_id=1000)

    assert done.returncode == 1
    assert done.stderr == (
        "System packages are missing: type 'sudo apt-get install libpango-1.0-0 libharfbuzz-subset0', "
        "then the same make command again.\n"
    )
    assert machine.log("apt-get") == machine.log("-m") == []


def test_a_python_without_ensurepip_gets_its_venv_package(machine: Machine) -> None:
    machine.put("modules/ensurepip.py", "raise ImportError")

    machine.set_up()

    assert machine.log("apt-get") == ["apt-get install python3-venv"]


def test_without_any_python_everything_is_named_at_once(machine: Machine) -> None:
    machine.remove("python3")

    done = machine.set_up(user_id=1000)

    assert done.returncode == 1
    everything = "python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    assert f"'sudo apt-get install {everything}'" in done.stderr


def test_an_old_python_is_named_and_nothing_is_made(machine: Machine) -> None:
    done = machine.set_up(PYTHON_IS_OLD="1")

    assert done.returncode == 1
    assert done.stderr == (
        "Python 3.11 or later is needed, and 'python3' is not: "
        "install one and name it, as in 'make PYTHON=python3.12 demo'.\n"
    )
    assert not (machine.folder / ".venv").exists()


def test_apt_failing_twice_ends_with_a_sentence_that_names_the_packages(machine: Machine) -> None:
    done = machine.set_up(libraries=EVERY_LIBRARY[:2], APT_LISTS="unreachable")

    assert done.returncode == 1
    assert "apt-get could not install the system packages libharfbuzz-subset0" in done.stderr.splitlines()[-1]


def test_a_system_without_apt_is_asked_for_nothing_where_weasyprint_finds_its_libraries(machine: Machine) -> None:
    machine.remove("apt-get")

    done = machine.set_up(libraries=())

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("found", ["", "pango"])
def test_a_system_without_apt_is_told_the_libraries_that_weasyprint_misses(machine: Machine, found: str) -> None:
    machine.remove("apt-get")

    done = machine.set_up(libraries=(), WEASYPRINT_FINDS=found)

    assert done.returncode == 1
    assert "'brew install pango', or 'dnf install pango harfbuzz'" in done.stderr.splitlines()[-1]


def test_pip_failing_fails_the_set_up(machine: Machine) -> None:
    done = machine.set_up(PIP_STATUS="1")

    assert done.returncode == 1
    assert "pip could not install the packages" in done.stderr.splitlines()[-1]
