"""Every changed, missing or added file of a sealed bundle is reported, and nothing else."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sealing import DOCUMENTS, seal, write

from tabnine_report.archive import Archive, Bundle
from tabnine_report.archive.integrity import find_damage
from tabnine_report.model.errors import ArchiveError

FILES = ["charts/people.png", "report.html", "restricted/people.csv", "restricted/raw/license.json"]


@cache
def sealed_bundle() -> Bundle:
    return seal(Archive(mkdtemp()))


def test_an_intact_bundle_has_no_damage(archive: Archive) -> None:
    assert find_damage(seal(archive)) == []


@given(name=st.sampled_from([*FILES, "manifest.json"]), position=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_a_flipped_bit_in_any_file_is_reported(name: str, position: int, bit: int) -> None:
    folder = Path(str(sealed_bundle().folder))
    path = folder / name
    content = path.read_bytes()
    flipped = bytearray(content)
    flipped[position % len(content)] ^= 1 << bit
    path.write_bytes(flipped)
    try:
        damage = find_damage(Bundle(folder))
    except ArchiveError as error:
        damage = [str(error)]
    finally:
        path.write_bytes(content)
    assert len([sentence for sentence in damage if name in sentence]) == 1
    assert name == "manifest.json" or len(damage) == 1
    assert find_damage(sealed_bundle()) == []


@given(names=st.sets(st.sampled_from(FILES), min_size=1))
@settings(max_examples=20)
def test_every_missing_file_is_reported(names: set[str]) -> None:
    bundle = sealed_bundle()
    contents = {name: bundle.path(name).read_bytes() for name in names}
    for name in names:
        bundle.path(name).unlink()
    damage = find_damage(bundle)
    for name, content in contents.items():
        write(bundle.folder / name, content)
    assert sorted(damage) == sorted(f"{name} is missing." for name in names)


@given(
    names=st.sets(
        st.from_regex(r"(restricted/|charts/)?[a-z]{1,8}\.(txt|json)", fullmatch=True), min_size=1, max_size=3
    )
)
@settings(max_examples=20)
def test_every_added_file_is_reported(names: set[str]) -> None:
    bundle, added = sealed_bundle(), names - {"manifest.json"}
    for name in added:
        write(bundle.folder / name, b"")
    damage = find_damage(bundle)
    for name in added:
        (bundle.folder / name).unlink()
    assert damage == [f"{name} was added after the bundle was sealed." for name in sorted(added)]


def test_a_changed_size_is_reported_with_the_sealed_size(archive: Archive) -> None:
    bundle = seal(archive)
    write(bundle.path("report.html"), DOCUMENTS["report.html"] + b"!")

    assert find_damage(bundle) == ["report.html was changed: it has 7 bytes instead of 6."]


@pytest.mark.parametrize("change", ["flip", "remove", "add"])
def test_damage_is_reported_in_buckets_and_folders(archive: Archive, change: str) -> None:
    bundle = seal(archive)
    path = bundle.folder / ("other.txt" if change == "add" else "report.html")
    path.unlink() if change == "remove" else write(path, b"<p>413")

    (damage,) = find_damage(bundle)

    assert path.name in damage


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _link_to_folder(path: Path) -> None:
    path.symlink_to("/etc")


@pytest.mark.parametrize(
    "add", [_link, _link_to_folder, os.mkfifo, Path.mkdir], ids=["link", "folder link", "pipe", "folder"]
)
@pytest.mark.parametrize("name", ["extra", "charts/extra", "restricted/raw/extra", ".extra"])
def test_every_added_entry_that_is_no_file_is_reported(tmp_path: Path, add: Callable[[Path], None], name: str) -> None:
    bundle = seal(Archive(tmp_path / "reports"))
    add(Path(str(bundle.folder), name))

    assert find_damage(bundle) == [f"{name} is a link, a device, or an empty folder that was added."]


@pytest.mark.parametrize("replace", [_link, _link_to_folder, os.mkfifo, Path.mkdir])
def test_a_file_that_became_something_else_is_reported_and_not_read(
    tmp_path: Path, replace: Callable[[Path], None]
) -> None:
    bundle = seal(Archive(tmp_path / "reports"))
    path = Path(str(bundle.path("report.html")))
    path.unlink()
    replace(path)

    assert find_damage(bundle) == ["report.html is a link, a device, or an empty folder that was added."]


def test_a_link_to_the_same_content_is_reported(tmp_path: Path) -> None:
    bundle = seal(Archive(tmp_path / "reports"))
    path = Path(str(bundle.path("report.html")))
    path.rename(tmp_path / "elsewhere.html")
    path.symlink_to(tmp_path / "elsewhere.html")

    assert find_damage(bundle) == ["report.html is a link, a device, or an empty folder that was added."]


def test_a_folder_that_became_a_link_is_reported_by_its_files(tmp_path: Path) -> None:
    bundle = seal(Archive(tmp_path / "reports"))
    folder = Path(str(bundle.folder), "charts")
    folder.rename(tmp_path / "charts")
    folder.symlink_to(tmp_path / "charts")

    assert find_damage(bundle) == ["charts/people.png is missing."]
