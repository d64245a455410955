"""Files too large for the memory: written bit by bit, kept whole or not at all, forgotten on request."""

import os
from pathlib import Path
from typing import BinaryIO

import pytest

from kernel.errors import NotFoundError
from kernel.files import LocalFiles, key_of


def hello(file: BinaryIO) -> None:
    file.write(b"hel")
    file.write(b"lo")


KEY = key_of("cpy_1")


def whole(file: BinaryIO) -> None:
    file.write(b"killed before its key was kept")


def test_the_second_writing_takes_the_place_of_the_first(tmp_path: Path) -> None:
    files, key = LocalFiles(tmp_path), KEY
    files.write(whole, key=key)
    files.write(hello, key=key)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    with files.open(key) as file:
        assert file.read() == b"hello"
    for _twice in range(2):
        files.forget(key)
    with pytest.raises(NotFoundError):
        files.open(key)
    with pytest.raises(NotFoundError):
        files.open("../secret")
    files.forget("../secret")


def test_half_a_file_is_none(tmp_path: Path) -> None:
    def broken(file: BinaryIO) -> None:
        file.write(b"half")
        raise OSError

    with pytest.raises(OSError, match=r"^$"):
        LocalFiles(tmp_path).write(broken, key=KEY)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_killed_processes_left_is_removed_a_day_later(tmp_path: Path) -> None:
    (tmp_path / "partial").mkdir()
    old, young = tmp_path / "partial/old", tmp_path / "partial/young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    LocalFiles(tmp_path).write(hello, key=KEY)
    assert (old.exists(), young.exists()) == (False, True)


def test_a_rival_that_finishes_meanwhile_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "iterdir", lambda folder: iter([folder / "renamed a moment ago"]))
    LocalFiles(tmp_path).write(hello, key=KEY)
    assert LocalFiles(tmp_path).get(KEY) == b"hello"
