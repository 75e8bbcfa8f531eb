"""`tabnine-report sandbox`: serves a simulated Usage Metrics API on this machine."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from cli.terminal import print_line
from tabnine_report.model.errors import SettingsError
from tabnine_report.sandbox.quirks import Quirks
from tabnine_report.sandbox.server import DEFAULT_TOKEN, run_forever
from tabnine_report.sandbox.shape_file import ShapeFile, read_shape_file
from tabnine_report.sandbox.world import SAAS_CUTOVER, World


def sandbox(  # noqa: PLR0913 - each parameter is an option of the command
    *,
    port: Annotated[int, Parameter(validator=Number(gte=0, lte=65535))] = 8722,
    seed: int = 2026,
    users: int = 400,
    teams: int = 20,
    cutover: str = str(SAAS_CUTOVER),
    token: str = DEFAULT_TOKEN,
    fault: tuple[str, ...] = (),
    quirks: Annotated[Quirks, Parameter(name="*")] = Quirks(),  # noqa: B008 - immutable
    shape: Path | None = None,
) -> None:
    """Serve a simulated Usage Metrics API with a synthetic organization, until you press Ctrl+C.

    Args:
        port: The port on 127.0.0.1; 0 chooses a free port.
        seed: The seed for all generated names and numbers.
        users: The number of accounts in May 2026; the organization grows.
        teams: The number of teams.
        cutover: The first day for which version 2 of the API has data, as YYYY-MM-DD; or "never".
        token: The bearer token to accept.
        fault: Make requests fail: `ENDPOINT=KIND[*COUNT]`, such as `license=503*2`. Repeat the option for more faults.
        quirks: How this installation differs from others.
        shape: Serve generated responses with the structure in this file (created with `check --shape`).
    """
    try:
        day = None if cutover == "never" else date.fromisoformat(cutover)
    except ValueError as error:
        raise SettingsError("--cutover", ["is neither a day as YYYY-MM-DD nor never"]) from error
    shape_file = None if shape is None else _read_shape(shape)
    try:
        world = World(seed=seed, users=users, teams=teams, cutover=day)
        run_forever(
            world,
            now=lambda: datetime.now(UTC),
            on_start=_print_address,
            token=token,
            faults=fault,
            quirks=quirks,
            shape=shape_file,
            port=port,
        )
    except ValueError as error:
        raise SettingsError("The sandbox", [str(error)]) from error
    except OSError as error:
        raise SettingsError("The sandbox", [f"cannot listen on port {port}: {error.strerror}. Try --port 0"]) from error


def _read_shape(file: Path) -> ShapeFile:
    try:
        return read_shape_file(file)
    except OSError as error:
        raise SettingsError("--shape", [f"{file} cannot be read: {error.strerror}"]) from error
    except ValueError as error:
        raise SettingsError("--shape", [str(error)]) from error


def _print_address(base_url: str) -> None:
    print_line(f"Usage Metrics API: {base_url} (documentation: {base_url}/docs). Press Ctrl+C to stop it.")
