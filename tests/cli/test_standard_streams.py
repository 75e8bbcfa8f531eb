import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from cli.standard_streams import LenientStream, output_problem
from cli.terminal import print_line

ROOT = Path(__file__).resolve().parents[2]


def stream_to_closed_pipe() -> LenientStream:
    reading, writing = os.pipe()
    os.close(reading)
    return LenientStream(os.fdopen(writing, "w"))


def stream_to_full_disk() -> LenientStream:
    return LenientStream(Path("/dev/full").open("w"))


@pytest.mark.parametrize(
    ("stream", "problem"),
    [
        (stream_to_closed_pipe, ""),
        (
            stream_to_full_disk,
            "The command has ended, but its output could not be written: No space left on device.",
        ),
    ],
)
@pytest.mark.parametrize("text", ["a line", "a line longer than the buffer" * 1000])
def test_output_that_cannot_be_written_does_not_stop_a_command(
    stream: object, problem: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(stream)
    monkeypatch.setattr(sys, "stdout", stream())
    print_line(text)
    Console().print(text)
    assert output_problem() == problem
    sys.stdout.close()


def test_complete_output_has_no_problem(capsys: pytest.CaptureFixture[str]) -> None:
    stream = LenientStream(sys.stdout)
    assert (stream.write("text"), stream.error, stream.encoding) == (4, None, sys.stdout.encoding)
    assert output_problem() == ""
    assert capsys.readouterr().out == "text"


def test_a_character_that_the_encoding_lacks_is_written_as_its_code() -> None:
    program = (
        "import sys; from cli.standard_streams import prepare_standard_streams as p; p();"
        "print('ä \\udcff'); print('ä', file=sys.stderr)"
    )
    environment = {"PYTHONIOENCODING": "ascii:strict"}
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert (result.stdout, result.stderr) == (b"\\xe4 \\udcff\n", b"\\xe4\n")


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
def test_no_file_takes_the_place_of_a_closed_standard_stream(closed: tuple[int, ...], tmp_path: Path) -> None:
    file = tmp_path / "file"
    program = (
        "import subprocess, sys; from cli.standard_streams import prepare_standard_streams as p; p();"
        f"file = open({str(file)!r}, 'w'); file.write(str(file.fileno())); file.flush();"
        "print('out'); print('error', file=sys.stderr); sys.stdin.read();"
        "subprocess.run([sys.executable, '-S', '-c', 'print(1)'], check=True)"
    )
    redirections = " ".join(f"{descriptor}>&-" for descriptor in closed)
    command = ["sh", "-c", f'exec "$@" {redirections}', "sh", sys.executable, "-c", program]
    result = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True)
    assert result.returncode == 0, result.stderr
    assert int(file.read_text()) > 2
