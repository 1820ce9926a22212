import hashlib
from pathlib import Path

import pytest

from visage.files.md5 import md5_bytes, md5_file, md5_folder


def test_file_and_its_content_have_one_hash(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert md5_file(tmp_path / "a") == md5_bytes(b"abc") == "900150983cd24fb0d6963f7d28e17f72"


@pytest.mark.parametrize("names", [("a/b", "c"), ("c", "a/b")])
def test_folder_is_the_list_of_its_files_in_order(names: tuple[str, str]) -> None:
    hashes = {"a/b": "11", "c": "22"}
    listed = b'[{"md5": "11", "relpath": "a/b"}, {"md5": "22", "relpath": "c"}]'
    expected = f"{hashlib.md5(listed, usedforsecurity=False).hexdigest()}.dir"
    assert md5_folder({name: hashes[name] for name in names}) == expected
