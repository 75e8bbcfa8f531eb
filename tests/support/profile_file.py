"""Write the smallest profile of an organization, for tests that read it from a file."""

from pathlib import Path


def write_profile(
    folder: Path,
    more: str = "",
    *,
    base_url: str = "http://127.0.0.1:9",
    token: str = "t0ken",
    time_zone: str = "Europe/Berlin",
) -> str:
    """Write `acme.toml` and return its path; `more` has lines of `[archive]`, and then further tables."""
    path = folder / "acme.toml"
    path.write_text(
        f'name = "acme"\ntime_zone = "{time_zone}"\n[usage_api]\nbase_url = "{base_url}"\ntoken = "{token}"\n'
        f"[archive]\nledger_durable = true\n{more}\n",
        encoding="utf-8",
    )
    return str(path)
