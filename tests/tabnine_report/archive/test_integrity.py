"""Whatever happens to a file of a sealed bundle is named, and nothing else is."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sealing import DOCUMENTS, seal, write

from tabnine_report.archive import Archive, Bundle
from tabnine_report.archive.integrity import damages
from tabnine_report.model.errors import ArchiveError

FILES = ["charts/people.png", "report.html", "restricted/people.csv", "restricted/raw/license.json"]


@cache
def sealed() -> Bundle:
    return seal(Archive(mkdtemp()))


def test_a_bundle_as_it_was_sealed_has_no_damage(archive: Archive) -> None:
    assert damages(seal(archive)) == []


@given(name=st.sampled_from([*FILES, "manifest.json"]), place=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_a_flipped_bit_of_any_file_is_named(name: str, place: int, bit: int) -> None:
    folder = Path(str(sealed().folder))
    path = folder / name
    content = path.read_bytes()
    flipped = bytearray(content)
    flipped[place % len(content)] ^= 1 << bit
    path.write_bytes(flipped)
    try:
        found = damages(Bundle(folder))
    except ArchiveError as error:
        found = [str(error)]
    finally:
        path.write_bytes(content)
    assert len([sentence for sentence in found if name in sentence]) == 1
    assert name == "manifest.json" or len(found) == 1
    assert damages(sealed()) == []


@given(names=st.sets(st.sampled_from(FILES), min_size=1))
@settings(max_examples=20)
def test_every_missing_file_is_named(names: set[str]) -> None:
    bundle = sealed()
    contents = {name: bundle.path(name).read_bytes() for name in names}
    for name in names:
        bundle.path(name).unlink()
    found = damages(bundle)
    for name, content in contents.items():
        write(bundle.folder / name, content)
    assert sorted(found) == sorted(f"{name} is missing." for name in names)


@given(
    names=st.sets(
        st.from_regex(r"(restricted/|charts/)?[a-z]{1,8}\.(txt|json)", fullmatch=True), min_size=1, max_size=3
    )
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_every_added_file_is_named(names: set[str]) -> None:
    bundle, added = sealed(), names - {"manifest.json"}
    for name in added:
        write(bundle.folder / name, b"")
    found = damages(bundle)
    for name in added:
        (bundle.folder / name).unlink()
    assert found == [f"{name} was added: the bundle was sealed without it." for name in sorted(added)]


def test_a_file_of_another_length_is_named_with_both(archive: Archive) -> None:
    bundle = seal(archive)
    write(bundle.path("report.html"), DOCUMENTS["report.html"] + b"!")

    assert damages(bundle) == ["report.html was changed: it has 7 bytes and had 6 when sealed."]


@pytest.mark.parametrize("change", ["flip", "remove", "add"])
def test_damage_in_a_bucket_is_named_as_in_a_folder(archive: Archive, change: str) -> None:
    bundle = seal(archive)
    path = bundle.folder / ("other.txt" if change == "add" else "report.html")
    path.unlink() if change == "remove" else write(path, b"<p>413")

    (found,) = damages(bundle)

    assert path.name in found
