"""Files, folders, patterns and a list mean photos."""

from pathlib import Path

import pytest

from visage.photos.listing import NoPhotosError, list_photos


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b.jpg", "a.PNG", "deep/c.webp", "notes.txt", "odd[1].jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*words: str, listed: tuple[str, ...] = ()) -> list[str]:
    return [path.as_posix() for path in list_photos(words, listed=listed)]


@pytest.mark.usefixtures("folder")
class TestInAFolder:
    def test_a_folder_means_the_photos_in_and_below_it_by_name(self) -> None:
        assert names(".") == ["a.PNG", "b.jpg", "deep/c.webp", "odd[1].jpg"]

    def test_a_file_is_taken_whatever_its_name(self) -> None:
        assert names("notes.txt") == ["notes.txt"]

    def test_a_missing_file_is_kept_for_its_row(self) -> None:
        assert names("gone.jpg") == ["gone.jpg"]

    def test_a_pattern_means_what_it_matches(self) -> None:
        assert names("*.jpg") == ["b.jpg", "odd[1].jpg"]
        assert names("**/*.webp") == ["deep/c.webp"]

    def test_a_file_whose_name_looks_like_a_pattern_is_a_file(self) -> None:
        assert names("odd[1].jpg") == ["odd[1].jpg"]

    def test_a_dash_means_the_list_with_its_spaces_and_without_empty_lines(self) -> None:
        assert names("-", listed=("b.jpg\n", "\n", "my photo.jpg\r\n")) == ["b.jpg", "my photo.jpg"]

    def test_a_photo_named_twice_is_read_once(self) -> None:
        assert names("b.jpg", "*.jpg") == ["b.jpg", "odd[1].jpg"]

    @pytest.mark.parametrize(
        ("word", "said"), [("*.gif", "nothing matches"), ("empty", "holds no photos")]
    )
    def test_a_mistake_is_said_at_once(self, word: str, said: str) -> None:
        Path("empty").mkdir()
        with pytest.raises(NoPhotosError, match=said):
            names(word)

    def test_an_empty_list_is_said(self) -> None:
        with pytest.raises(NoPhotosError, match="no photos: name files"):
            names("-")
